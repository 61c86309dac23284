import ArgumentParser

/// `vitrine usage daily`: the counts, for spreadsheets and scripts.
struct UsageDailyCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daily",
        abstract: "Print uses by day, creator and content type, in a stable order."
    )
    static let usage = "usage daily --from D [--to D] [--format csv|json] [settings]"
    static let ownFlags =
        [
            (name: "from", help: "The first day, YYYY-MM-DD."),
            (name: "to", help: "The last day. Default: the day of --from."), UsageDesk.formatFlag,
        ] + UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        guard let days = try desk.days(needed: true) else { return }
        try await UsageQuestion(desk).ask("daily", ["--from", days.from, "--to", days.to], hasFormat: true)
    }
}
