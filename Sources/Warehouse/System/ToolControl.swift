import Glibc
import Synchronization

/// The handle by which signals reach whatever program is running: one at a time.
///
/// The first `stop` passes the signal on, so that the program can end in good order; the second, or `grace` after the
/// first, kills it with everything in its process group. Once stopped, no further program starts.
package final class ToolControl: Sendable {
    private struct State {
        var process: ToolProcess?
        var signal: Int32?
        var stoppedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let clock: ContinuousClock
    private let grace: Duration

    package init(grace: Duration = .seconds(15), clock: ContinuousClock = ContinuousClock()) {
        self.grace = grace
        self.clock = clock
    }

    /// The signal that stopped it; `nil` for none.
    package var signal: Int32? { state.withLock { $0.signal } }

    /// Passes a signal on, or kills when one was passed on before.
    package func stop(_ signal: Int32) {
        let now = clock.now
        state.withLock { state in
            if state.signal == nil {
                state.signal = signal
                state.stoppedAt = now
                state.process?.send(signal)
            } else {
                state.process?.killGroup()
            }
        }
    }

    /// Starts a program.
    ///
    /// - Throws: `stopped` if the end was asked for already, or what `make` throws.
    func start(_ make: () throws(WarehouseError) -> ToolProcess) throws(WarehouseError) -> ToolProcess {
        try state.withLock { (state) throws(WarehouseError) -> ToolProcess in
            precondition(state.process == nil, "one program at a time")
            if state.signal != nil { throw .stopped }
            let process = try make()
            state.process = process
            return process
        }
    }

    /// How the program ended; `nil` while it runs.
    ///
    /// Kills it when its time to end in good order is over.
    func reap() -> ToolEnding? {
        let now = clock.now
        return state.withLock { state in
            guard let process = state.process else { return nil }
            if let ending = process.reap() {
                state.process = nil
                return ending
            }
            if let stoppedAt = state.stoppedAt, stoppedAt.duration(to: now) > grace { process.killGroup() }
            return nil
        }
    }
}
