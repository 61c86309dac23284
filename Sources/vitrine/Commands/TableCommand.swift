import ArgumentParser
import FoundationEssentials

/// A command whose flags are the parameter table's, besides a few of its own.
protocol TableCommand: AsyncParsableCommand {
    /// Everything after the command's name, read by `FlagParser`.
    var arguments: [String] { get }
    /// The command's own flags that take a value: name and one line of help.
    static var ownFlags: [(name: String, help: String)] { get }
    /// The command's own flags without a value.
    static var ownSwitches: [(name: String, help: String)] { get }
    /// The line after "Usage: vitrine".
    static var usage: String { get }
    /// Names of the parameters worth showing in this command's help; `nil` shows all.
    static var shownParameters: Set<String>? { get }

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws
}

extension TableCommand {
    static var ownFlags: [(name: String, help: String)] { [] }
    static var ownSwitches: [(name: String, help: String)] { [] }
    static var shownParameters: Set<String>? { nil }

    mutating func run() async throws {
        let flags = try FlagParser(
            arguments,
            ownFlags: Set(Self.ownFlags.map(\.name) + ["config"]),
            ownSwitches: Set(Self.ownSwitches.map(\.name))
        )
        if flags.wantsHelp {
            Terminal.say(Self.help)
            return
        }
        let environment = ProcessInfo.processInfo.environment
        let parameters = try await ResolvedParameters(
            flags: flags.values,
            environment: environment,
            file: flags.own["config"] ?? environment["VITRINE_CONFIG"]
        )
        try await run(flags: flags, parameters: parameters)
    }

    static var help: String {
        var lines = ["\(configuration.abstract)", "", "Usage: vitrine \(usage)", ""]
        for (name, help) in ownFlags { lines.append(row("--\(name) VALUE", help)) }
        for (name, help) in ownSwitches { lines.append(row("--\(name)", help)) }
        lines.append(row("--config FILE", "YAML file of settings (environment VITRINE_CONFIG)."))
        lines.append("")
        lines.append("Settings (each also an environment variable VITRINE_… and a YAML key of the same name):")
        for parameter in Parameter.all where shownParameters?.contains(parameter.name) ?? true {
            let value = parameter.kind == .switched ? "" : " " + parameter.kind.rawValue.uppercased()
            let fallback = parameter.fallback.map { " [\($0)]" } ?? ""
            lines.append(row("--\(parameter.name)\(value)", parameter.help + fallback))
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ name: String, _ help: String) -> String {
        let width = 38
        let gap =
            name.count < width
            ? String(repeating: " ", count: width - name.count) : "\n" + String(repeating: " ", count: width + 2)
        return "  " + name + gap + help
    }
}
