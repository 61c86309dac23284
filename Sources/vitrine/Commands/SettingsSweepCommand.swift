import ArgumentParser
import HTTPTypes

/// `vitrine settings sweep`: removes the records that nobody needs any more.
struct SettingsSweepCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Remove the records of releases that are long out of force."
    )
    static let usage = "settings sweep [--grace 30d] [--keep 20] [--dry-run] [--json] [--admin URL]"
    static let ownFlags = [
        (name: "grace", help: "What is younger, or was in force so lately, stays; such as 12h. Default: 30d."),
        (name: "keep", help: "So many latest numbers of each app stay. Default: 20."),
        AdminClient.adminFlag,
    ]
    static let ownSwitches = [
        (name: "dry-run", help: "Say what would go, and remove nothing."), SettingsDesk.jsonSwitch,
    ]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var query: [(String, String)] = []
        if let grace = try desk.seconds("grace") { query.append(("grace", String(grace))) }
        if let keep = try desk.number("keep", least: 1) { query.append(("keep", String(keep))) }
        if desk.isOn("dry-run") { query.append(("dry-run", "1")) }
        let answer = try await desk.ask(.post, "/sweep", query: query, seconds: 3600)
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        Terminal.say(try desk.read(SettingsAnswers.Sweep.self, answer).text)
    }
}
