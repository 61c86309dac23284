import ArgumentParser

/// `vitrine usage adjustments`: corrections of statements that were sent.
struct UsageAdjustmentsCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjustments",
        abstract: "Print what was corrected after months were closed."
    )
    static let usage = "usage adjustments [--format csv|json] [settings]"
    static let ownFlags = [UsageDesk.formatFlag] + UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        try await UsageQuestion(desk).ask("adjustments", [], hasFormat: true)
    }
}
