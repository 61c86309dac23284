import FoundationEssentials
import Synchronization

/// Writes how far a run is into `progress.json`, for whoever looks at it from another process.
///
/// **Promises.** A reader finds the old or the new state, whole. **Costs** one small file at most five times a second,
/// and at each new stage. **Never fails**: a run does not end because nobody can watch it.
package final class ProgressFile: Sendable {
    private struct State {
        var progress: RunProgress
        var written: ContinuousClock.Instant?
    }

    private static let pause: Duration = .milliseconds(200)

    private let path: String
    private let milliseconds: @Sendable () -> Int64
    private let clock = ContinuousClock()
    private let state: Mutex<State>

    /// - Parameters:
    ///   - path: Of the file, in a folder that is there.
    ///   - verb: What the run does, such as `run`.
    ///   - process: This process's number.
    ///   - milliseconds: The time, since 1970.
    package init(path: String, verb: String, process: Int32, milliseconds: @escaping @Sendable () -> Int64) {
        self.path = path
        self.milliseconds = milliseconds
        let now = milliseconds()
        let step = UsageProgress("begin")
        state = Mutex(
            State(progress: RunProgress(verb: verb, process: process, started: now, at: now, step: step))
        )
    }

    /// Takes note of a step.
    package func note(_ step: UsageProgress) {
        state.withLock { state in
            let isNew = state.written == nil || state.progress.step.stage != step.stage
            state.progress.step = step
            let now = clock.now
            if let written = state.written, !isNew, written.duration(to: now) < Self.pause { return }
            state.written = now
            write(&state)
        }
    }

    /// Takes note of the end: `nil` for a good one.
    package func end(_ failure: (reason: String, remedy: String?)?) {
        state.withLock { state in
            state.progress.ending = failure == nil ? .succeeded : .failed
            state.progress.error = failure?.reason
            state.progress.remedy = failure?.remedy
            write(&state)
        }
    }

    private func write(_ state: inout State) {
        state.progress.at = milliseconds()
        // Who watches sees an older state; the run goes on.
        try? Data(state.progress.json.utf8).write(to: URL(filePath: path), options: .atomic)
    }
}
