import ArgumentParser

/// `vitrine usage payouts`: what creators are paid by period.
struct UsagePayoutsCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payouts",
        abstract: "Print what creators are paid."
    )
    static let usage = "usage payouts [--period YYYY-MM] [--format csv|json] [settings]"
    static let ownFlags =
        [(name: "period", help: "One month, YYYY-MM. Default: all."), UsageDesk.formatFlag] + UsageDesk.flags
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var arguments: [String] = []
        if let period = flags.own["period"] { arguments = ["--period", try UsageDesk.period(period)] }
        try await UsageQuestion(desk).ask("payouts", arguments, hasFormat: true)
    }
}
