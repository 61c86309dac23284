/// Turns the texts of settings into typed values and collects what is wrong with them.
struct ParameterReader {
    let parameters: ResolvedParameters
    private(set) var problems: [String] = []

    init(_ parameters: ResolvedParameters) { self.parameters = parameters }

    /// - Throws: `ConfigurationError` when any value read so far was unfit.
    func finish() throws(ConfigurationError) {
        if !problems.isEmpty { throw ConfigurationError(problems: problems) }
    }

    func text(_ name: String) -> String? {
        guard let entry = parameters.entries[name] else { preconditionFailure("no parameter named \(name)") }
        return entry.text
    }

    func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
    }

    mutating func switched(_ name: String) -> Bool {
        switch text(name)?.lowercased() {
        case "1", "true", "yes", "on": return true
        case nil, "", "0", "false", "no", "off": return false
        default:
            complain(name, "is not on or off (true, false, 1, 0)")
            return false
        }
    }

    mutating func integer(_ name: String) -> Int {
        guard let text = text(name) else { return 0 }
        guard let value = Int(text) else {
            complain(name, "is not a whole number")
            return 0
        }
        return Int(bounded(Double(value), name))
    }

    mutating func number(_ name: String) -> Double {
        guard let text = text(name) else { return 0 }
        guard let value = Double(text), value.isFinite else {
            complain(name, "is not a number")
            return 0
        }
        return bounded(value, name)
    }

    mutating func bytes(_ name: String) -> Int {
        guard let text = text(name) else { return 0 }
        let units: [(String, Double)] = [
            ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
            ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1), ("", 1),
        ]
        for (suffix, factor) in units where text.hasSuffix(suffix) {
            guard let value = Double(text.dropLast(suffix.count).trimmingSpaces()), value >= 0 else { break }
            return Int(bounded(value * factor, name))
        }
        complain(name, "is not a number of bytes (such as 512, 64KiB, 100MiB)")
        return 0
    }

    mutating func duration(_ name: String) -> Duration {
        guard let text = text(name) else { return .zero }
        if let milliseconds = Duration.milliseconds(words: text) {
            return .milliseconds(Int64(bounded(milliseconds, name)))
        }
        complain(name, "is not a duration (such as 250ms, 10s, 5m, 1h, 30d)")
        return .zero
    }

    mutating func address(_ name: String) -> (host: String, port: Int) {
        let text = text(name) ?? ""
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon != text.startIndex
        else {
            complain(name, "is not HOST:PORT")
            return ("127.0.0.1", 0)
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return (host, port)
    }

    mutating func complain(_ name: String, _ reason: String) {
        guard let entry = parameters.entries[name] else { return }
        let shown = entry.parameter.isSecret ? "(hidden)" : "\"\(entry.text ?? "")\""
        problems.append("\(name) \(shown) \(reason); it comes from: \(entry.origin)")
    }

    private mutating func bounded(_ value: Double, _ name: String) -> Double {
        guard let bounds = parameters.entries[name]?.parameter.bounds, !bounds.contains(value) else { return value }
        complain(name, "is outside \(Self.plain(bounds.lowerBound))…\(Self.plain(bounds.upperBound))")
        return bounds.lowerBound
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int64(value)) : String(value)
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    func trimmingSpaces() -> String {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return String(rest)
    }
}
