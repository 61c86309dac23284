import ArgumentParser

/// `vitrine usage close`: statements that were sent stay what they were.
struct UsageCloseCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Freeze the statements of a month; later corrections become adjustments."
    )
    static let usage = "usage close PERIOD [settings]"
    static let ownFlags = UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 1...1, usage: Self.usage)
        try await UsageQuestion(desk).ask("close", [try UsageDesk.period(flags.operands[0])])
    }
}
