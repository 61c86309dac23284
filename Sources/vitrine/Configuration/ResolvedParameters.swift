import Configuration
import FoundationEssentials
import SystemPackage

/// The settings in force and where each came from: flag before environment before file before default.
struct ResolvedParameters: Sendable {
    enum Origin: Equatable, Sendable, CustomStringConvertible {
        case flag
        case environment
        case file(String)
        case fallback

        var description: String {
            switch self {
            case .flag: "flag"
            case .environment: "environment"
            case .file(let path): path
            case .fallback: "default"
            }
        }
    }

    struct Entry: Sendable {
        var parameter: Parameter
        /// `nil` when neither set nor defaulted.
        var text: String?
        var origin: Origin
    }

    private(set) var entries: [String: Entry] = [:]

    /// Reads flags, then the environment, then the YAML file.
    ///
    /// `flags` holds values by parameter name; `file` is the path of a YAML file of `name: value` pairs, `nil` reads
    /// none.
    ///
    /// - Throws: `ConfigurationError` for a missing or malformed file and for unknown names in it.
    init(flags: [String: String], environment: [String: String], file: String?) async throws {
        if let file { try Self.refuseUnknownNames(file) }
        var layers: [(any ConfigProvider, Origin)] = []
        let flagValues = flags.map { (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false)) }
        layers.append((InMemoryProvider(values: Dictionary(uniqueKeysWithValues: flagValues)), .flag))
        let named = Parameter.all.compactMap { parameter -> (AbsoluteConfigKey, ConfigValue)? in
            guard let text = environment[parameter.environmentName] else { return nil }
            return (AbsoluteConfigKey([parameter.name]), ConfigValue(.string(text), isSecret: parameter.isSecret))
        }
        layers.append((InMemoryProvider(values: Dictionary(uniqueKeysWithValues: named)), .environment))
        if let file {
            do {
                layers.append((try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)), .file(file)))
            } catch {
                throw ConfigurationError(problems: ["config file \(file) cannot be read: \(error)"])
            }
        }
        for parameter in Parameter.all {
            var entry = Entry(parameter: parameter, text: parameter.fallback, origin: .fallback)
            for (provider, origin) in layers {
                guard let text = Self.text(of: parameter, in: provider) else { continue }
                entry.text = text
                entry.origin = origin
                break
            }
            entries[parameter.name] = entry
        }
    }

    /// A misspelt key would otherwise be ignored in silence: keys stand at the start of a line.
    private static func refuseUnknownNames(_ file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationError(problems: ["config file \(file) cannot be read"])
        }
        let known = Set(Parameter.all.map(\.name))
        var problems: [String] = []
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let first = line.first, first.isLetter, let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon]).trimmingSpaces()
            guard !known.contains(name) else { continue }
            let close = known.min { FlagParser.distance($0, name) < FlagParser.distance($1, name) }
            let hint = close.map { FlagParser.distance($0, name) <= 3 ? "; did you mean \($0)?" : "" } ?? ""
            problems.append("config file \(file) has an unknown key \"\(name)\"\(hint)")
        }
        if !problems.isEmpty { throw ConfigurationError(problems: problems) }
    }

    /// A file may hold numbers, booleans and sequences where a flag has text, so each form is asked for in turn.
    private static func text(of parameter: Parameter, in provider: any ConfigProvider) -> String? {
        let key = AbsoluteConfigKey([parameter.name])
        for type in [ConfigType.string, .int, .double, .bool, .stringArray] {
            // A provider throws when the value has another type than the one asked for; the next one may fit.
            guard let found = try? provider.value(forKey: key, type: type).value else { continue }
            switch found.content {
            case .string(let text): return text
            case .int(let value): return String(value)
            case .double(let value): return String(value)
            case .bool(let value): return value ? "true" : "false"
            case .stringArray(let values): return values.joined(separator: ",")
            default: continue
            }
        }
        return nil
    }

    /// Name, shown value and origin of every setting; secrets are masked.
    var table: [(name: String, value: String?, origin: String)] {
        Parameter.all.compactMap { parameter in
            guard let entry = entries[parameter.name] else { return nil }
            let shown = parameter.isSecret && entry.text != nil ? "(set, hidden)" : entry.text
            return (parameter.name, shown, entry.origin.description)
        }
    }
}
