package import Logging

/// How log lines look; the value of `--log-format`.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object per line, for machines.
    case json
    /// One readable line, for a person at a terminal.
    case text

    /// A handler of this format for the logger named `label`.
    package func handler(
        label: String,
        output: LogOutput,
        clock: WallClock = .system
    ) -> any LogHandler {
        switch self {
        case .json: JSONLogHandler(label: label, output: output, clock: clock)
        case .text: TextLogHandler(label: label, output: output, clock: clock)
        }
    }
}
