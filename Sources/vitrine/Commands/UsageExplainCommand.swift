import ArgumentParser
import Warehouse

/// `vitrine usage explain`: why a number is what it is.
struct UsageExplainCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "List the events behind a creator's uses of one day."
    )
    static let usage = "usage explain CREATOR DAY [--limit N] [--format csv|json] [settings]"
    static let ownFlags = [UsageDesk.limitFlag, UsageDesk.formatFlag] + UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 2...2, usage: Self.usage)
        guard CalendarDay(flags.operands[1]) != nil else {
            throw CommandFailure(message: "\"\(flags.operands[1])\" is no day, YYYY-MM-DD", exitCode: 64)
        }
        // A creator's name may begin with a hyphen.
        let arguments = try desk.limit() + ["--"] + flags.operands
        try await UsageQuestion(desk).ask("explain", arguments, hasFormat: true)
    }
}
