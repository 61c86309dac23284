import ArgumentParser

/// `vitrine usage reconcile`: whether every delivery of the access log was counted.
struct UsageReconcileCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare deliveries of pictures with access logs, to the last request; exit code 1 if they differ."
    )
    static let usage = "usage reconcile --from D [--to D] ACCESS_LOG… [--json] [settings]"
    static let ownFlags =
        [
            (name: "from", help: "The first day, YYYY-MM-DD."),
            (name: "to", help: "The last day. Default: the day of --from."),
        ] + UsageDesk.flags
    static let ownSwitches = [(name: "json", help: "Print one JSON object.")]
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 1...Int.max, usage: Self.usage)
        guard let days = try desk.days(needed: true) else { return }
        let isJSON = desk.isOn("json")
        try await UsageReconcile(desk: desk, from: days.from, to: days.to, logs: flags.operands, isJSON: isJSON).run()
    }
}
