import ArgumentParser

/// `vitrine usage quarantine`: what a person has to look at.
struct UsageQuarantineCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "List events that were not counted because their copies disagree."
    )
    static let usage = "usage quarantine [--limit N] [--format csv|json] [settings]"
    static let ownFlags = [UsageDesk.limitFlag, UsageDesk.formatFlag] + UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        try await UsageQuestion(desk).ask("quarantine", try desk.limit(), hasFormat: true)
    }
}
