import ArgumentParser
import FoundationEssentials
import HTTPTypes
import Publication

/// `vitrine settings publish`: has the origin check, compile and put a features file in force.
struct SettingsPublishCommand: TableCommand {
    static let configuration = CommandConfiguration(commandName: "publish", abstract: "Publish a features file.")
    static let usage =
        "settings publish --app NAME [--admin URL] [--expect N] [--comment TEXT] [--dry-run] [--json] features.json"
    static let ownFlags = [SettingsDesk.appFlag, AdminClient.adminFlag] + SettingsDesk.publishFlags
    static let ownSwitches = [
        (name: "dry-run", help: "Check, compile and compare only; publish nothing."), SettingsDesk.jsonSwitch,
    ]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try SettingsDesk(flags, parameters, operands: 1...1, usage: Self.usage)
        let app = try desk.app()
        let features = try FeaturesFile.read(flags.operands[0])
        let answer = try await desk.ask(
            .post,
            "/\(app)",
            query: try desk.publishQuery(),
            body: features,
            seconds: 120
        )
        let outcome = try desk.read(SettingsAnswers.Outcome.self, answer)
        for warning in outcome.warnings { Terminal.complain(warning.text) }
        if desk.isOn("json") { return SettingsDesk.say(answer) }
        for line in outcome.lines { Terminal.say(line) }
    }
}
