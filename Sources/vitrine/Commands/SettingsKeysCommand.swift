import ArgumentParser
import HTTPTypes
import Publication

/// `vitrine settings keys`: shows an app's keys, and makes new ones.
struct SettingsKeysCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "Show or rotate an app's keys.")
    static let usage = "settings keys --app NAME [--rotate client|server [--grace 30d]] [--json] [--admin URL]"
    static let ownFlags = [
        SettingsDesk.appFlag,
        (name: "rotate", help: "Make a new key of the kind client or server, and print it."),
        (name: "grace", help: "How long the old keys of the kind stay in force, such as 12h. Default: 30d."),
        (name: "author", help: "Whoever does it. Default: the user's name."),
        AdminClient.adminFlag,
    ]
    static let ownSwitches = [SettingsDesk.jsonSwitch]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        let path = "/\(try desk.app())/keys"
        let grace = try desk.seconds("grace")
        guard let text = flags.own["rotate"] else {
            if grace != nil { throw CommandFailure(message: "--grace goes with --rotate", exitCode: 64) }
            let answer = try await desk.ask(.get, path)
            if desk.isOn("json") { return SettingsDesk.say(answer) }
            for key in try desk.read(SettingsAnswers.Keys.self, answer).keys { Terminal.say(key.text) }
            return
        }
        guard let kind = KeyKind(rawValue: text) else {
            throw CommandFailure(message: "--rotate is client or server", exitCode: 64)
        }
        var query = [("kind", kind.rawValue), ("grace", String(grace ?? 30 * 86_400))]
        query += try desk.publishQuery().filter { $0.0 == "author" }
        let answer = try await desk.ask(.post, path + "/rotate", query: query)
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        let fresh = try desk.read(SettingsAnswers.Fresh.self, answer)
        Terminal.say("\(fresh.kind.rawValue) key: \(fresh.key)\nKeep it: it is not shown again.")
    }
}
