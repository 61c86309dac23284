import ArgumentParser
import HTTPTypes

/// `vitrine settings rollback`: a new number that names an old release.
struct SettingsRollbackCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Put an old number's release in force again."
    )
    static let usage = "settings rollback --app NAME [--to N] [--expect N] [--comment TEXT] [--dry-run] [--admin URL]"
    static let ownFlags =
        [
            SettingsDesk.appFlag,
            (name: "to", help: "The number. Default: the latest one that names another release."),
            AdminClient.adminFlag,
        ] + SettingsDesk.publishFlags
    static let ownSwitches = [
        (name: "dry-run", help: "Say what would change, and change nothing."), SettingsDesk.jsonSwitch,
    ]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var query = try desk.publishQuery()
        if let number = try desk.number("to", least: 1) { query.append(("to", String(number))) }
        let answer = try await desk.ask(.post, "/\(try desk.app())/rollback", query: query, seconds: 60)
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        for line in try desk.read(SettingsAnswers.Outcome.self, answer).lines { Terminal.say(line) }
    }
}
