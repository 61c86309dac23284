import ArgumentParser

/// `vitrine usage deliveries`: what edges delivered.
struct UsageDeliveriesCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Print deliveries of pictures by day, node and answer."
    )
    static let usage = "usage deliveries --from D [--to D] [--contents] [--format csv|json] [settings]"
    static let ownFlags =
        [
            (name: "from", help: "The first day, YYYY-MM-DD."),
            (name: "to", help: "The last day. Default: the day of --from."), UsageDesk.formatFlag,
        ] + UsageDesk.flags
    static let ownSwitches = [(name: "contents", help: "Of each picture.")]
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        guard let days = try desk.days(needed: true) else { return }
        let arguments = ["--from", days.from, "--to", days.to] + (desk.isOn("contents") ? ["--contents"] : [])
        try await UsageQuestion(desk).ask("deliveries", arguments, hasFormat: true)
    }
}
