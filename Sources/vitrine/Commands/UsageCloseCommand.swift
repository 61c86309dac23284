import ArgumentParser

/// `vitrine usage close`: statements that were sent stay what they were.
struct UsageCloseCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Count, then freeze the statements of a month; later corrections become adjustments."
    )
    static let usage = "usage close PERIOD [--engine duckdb|spark] [--json] [settings]"
    static let ownFlags = UsageDesk.engineFlags + UsageDesk.flags
    static let ownSwitches = [(name: "json", help: "Print progress as one JSON object a line.")]
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 1...1, usage: Self.usage)
        var run = UsageRun(desk: desk, display: UsageDisplay(isJSON: desk.isOn("json")))
        run.verb = "close"
        run.arguments = desk.engineArguments + [try UsageDesk.period(flags.operands[0])]
        try await run.heedingSignals()
    }
}
