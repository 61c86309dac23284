import ArgumentParser

/// `vitrine usage status`: how far the counting is, without asking Python.
struct UsageStatusCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what waits to be counted, and the last runs."
    )
    static let usage = "usage status [--json] [settings]"
    static let ownFlags = UsageDesk.flags
    static let ownSwitches = [(name: "json", help: "Print one JSON object.")]
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        try await UsageSignals.heed(desk.control) {
            let status = try await UsageStatus.read(desk)
            if desk.isOn("json") {
                Terminal.say(status.json)
            } else {
                for line in status.lines { Terminal.say(line) }
            }
        }
    }
}
