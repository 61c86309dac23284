import HTTPSemantics
import Synchronization
import Warehouse

/// What a run shows: JSON lines on standard output, or a line that overwrites itself on a person's terminal, or one
/// line for each stage where standard error is a file.
///
/// Called by several threads, one at a time.
final class UsageDisplay: Sendable {
    private struct State {
        var stage = ""
        var isDrawn = false
        /// Seconds since the start, when something was last shown.
        var shown = -1.0
        /// For those who watch from elsewhere; `nil` before the run has begun.
        var file: ProgressFile?
    }

    let isJSON: Bool
    private let hasBar = Terminal.hasProgress
    private let start = ContinuousClock().now
    private let state = Mutex(State())

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// Since the start.
    var seconds: Double { start.duration(to: ContinuousClock().now) / .seconds(1) }

    /// Shows progress of the binary's own.
    func show(_ progress: UsageProgress) {
        var progress = progress
        if progress.seconds == nil { progress.seconds = seconds }
        show(progress, line: progress.json)
    }

    /// Shows progress of the project's, which came as `line`.
    func show(_ progress: UsageProgress, line: [UInt8]) {
        show(progress, line: String(decoding: line, as: UTF8.self))
    }

    /// From now on, progress is also written into a file.
    func tell(_ file: ProgressFile) { state.withLock { $0.file = file } }

    /// What the run wrote about itself, if it has begun.
    var file: ProgressFile? { state.withLock { $0.file } }

    private func show(_ progress: UsageProgress, line: String) {
        file?.note(progress)
        if isJSON { return Terminal.say(line) }
        let now = seconds
        state.withLock { state in
            let isNew = state.stage != progress.stage || progress.detail != nil && progress.done == nil
            state.stage = progress.stage
            if hasBar {
                // Not more often than anybody can read.
                guard isNew || now - state.shown > 0.05 || progress.done == progress.of else { return }
                Terminal.draw("\r\u{1B}[K" + progress.text(width: Terminal.columns - 1))
                state.isDrawn = true
            } else if isNew {
                Terminal.draw(progress.text() + "\n")
            }
            state.shown = now
        }
    }

    /// Leaves the line that overwrites itself.
    func finish() {
        state.withLock { state in
            if state.isDrawn { Terminal.draw("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    /// The last line of a run that failed, for programs that read JSON lines.
    func fail(_ error: any Error) {
        finish()
        let message = (error as? CommandFailure)?.message ?? "\(error)"
        let parts = message.split(separator: "\n→ ", maxSplits: 1).map(String.init)
        let remedy = parts.count > 1 ? parts[1] : nil
        file?.end((parts.first ?? "", remedy))
        guard isJSON else { return }
        var members = ["\"error\":" + JSONText.quoted(parts.first ?? "")]
        if let remedy { members.append("\"remedy\":" + JSONText.quoted(remedy)) }
        Terminal.say("{" + members.joined(separator: ",") + "}")
    }
}
