import ArgumentParser
import HTTPTypes

/// `vitrine settings diff`: what changed between two numbers.
struct SettingsDiffCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "diff", abstract: "Compare two numbers of an app.")
    static let usage = "settings diff --app NAME [--from N] [--to N] [--json] [--admin URL]"
    static let ownFlags = [
        SettingsDesk.appFlag,
        (name: "from", help: "The older number; 0 for nothing at all. Default: the one before --to."),
        (name: "to", help: "The newer number. Default: the one in force."),
        AdminClient.adminFlag,
    ]
    static let ownSwitches = [SettingsDesk.jsonSwitch]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var query: [(String, String)] = []
        if let number = try desk.number("from", least: 0) { query.append(("from", String(number))) }
        if let number = try desk.number("to", least: 1) { query.append(("to", String(number))) }
        let answer = try await desk.ask(.get, "/\(try desk.app())/diff", query: query)
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        for line in try desk.read(SettingsAnswers.Compared.self, answer).diff.lines { Terminal.say(line) }
    }
}
