import ArgumentParser
import HTTPTypes

/// `vitrine settings log`: who published what and when.
struct SettingsLogCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "log", abstract: "Show the audit trail of an app.")
    static let usage = "settings log --app NAME [--before N] [--limit N] [--json] [--admin URL]"
    static let ownFlags = [
        SettingsDesk.appFlag,
        (name: "before", help: "Numbers below this one only."),
        (name: "limit", help: "At most so many entries, 1 to 100. Default: 20."),
        AdminClient.adminFlag,
    ]
    static let ownSwitches = [SettingsDesk.jsonSwitch]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var query: [(String, String)] = []
        for name in ["before", "limit"] {
            if let number = try desk.number(name, least: 1) { query.append((name, String(number))) }
        }
        let answer = try await desk.ask(.get, "/\(try desk.app())/log", query: query)
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        let log = try desk.read(SettingsAnswers.Log.self, answer)
        for entry in log.entries { Terminal.say(SettingsAnswers.text(entry)) }
        if let next = log.next { Terminal.say("older ones: --before \(next)") }
    }
}
