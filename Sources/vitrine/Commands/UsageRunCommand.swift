import ArgumentParser

/// `vitrine usage run`: from the events that were acknowledged to payouts, as often as you like.
struct UsageRunCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Count all events that were acknowledged, beside a running node or alone."
    )
    static let usage =
        "usage run [--from D [--to D]] [--full] [--every TIME] [--engine duckdb|spark] [--json] [--dry-run] [settings]"
    static let ownFlags =
        [
            (name: "from", help: "Count these days anew: the first, YYYY-MM-DD."),
            (name: "to", help: "The last one. Default: the day of --from."),
            (name: "every", help: "Stay, and run again and again: from start to start, such as 60s."),
        ] + UsageDesk.engineFlags + UsageDesk.flags
    static let ownSwitches = [
        (name: "full", help: "Check all segments and count everything anew from them."),
        (name: "dry-run", help: "Say what would be fetched and counted; change nothing."),
        (name: "json", help: "Print progress, and at the end the outcome, as one JSON object a line."),
    ]
    static let shownParameters: Set<String>? = UsageDesk.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let desk = try UsageDesk(flags, parameters, operands: 0...0, usage: Self.usage)
        var run = UsageRun(desk: desk, display: UsageDisplay(isJSON: desk.isOn("json")))
        run.arguments = desk.engineArguments
        if let days = try desk.days(needed: false) { run.arguments += ["--from", days.from, "--to", days.to] }
        if desk.isOn("full") { run.arguments.append("--full") }
        run.isFull = desk.isOn("full")
        run.isDry = desk.isOn("dry-run")
        run.beat = try beat(flags.own["every"])
        if run.beat != nil, run.isDry || run.isFull || run.arguments.contains("--from") {
            throw CommandFailure(message: "--every goes with none of --from, --full and --dry-run", exitCode: 64)
        }
        try await run.heedingSignals()
    }

    /// - Throws: `CommandFailure` with exit code 64 for what is no time from 5 s to a day.
    private func beat(_ text: String?) throws(CommandFailure) -> Duration? {
        guard let text else { return nil }
        guard let beat = Duration(words: text), (.seconds(5) ... .seconds(86_400)).contains(beat) else {
            throw CommandFailure(message: "--every \"\(text)\" is no time from 5s to 1d, such as 60s", exitCode: 64)
        }
        return beat
    }
}
