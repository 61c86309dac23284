import Synchronization

/// Bounds how many compressions run at a time, so that a crowd costs size instead of time: who finds the gate busy
/// sends what was compressed at publish time.
///
/// Never waits and never fails; costs one uncontended lock.
package final class CompressionGate: Sendable {
    /// Compressions at a time.
    package let limit: Int

    private struct State {
        var running = 0
        var refused = 0
    }

    private let state = Mutex(State())

    /// - Parameter limit: 0 refuses all; as many as there are processors is right.
    package init(limit: Int) {
        precondition(limit >= 0)
        self.limit = limit
    }

    /// Takes a place, which is given back by one `leave`; false where all are taken.
    package func enter() -> Bool {
        state.withLock { state in
            guard state.running < limit else {
                state.refused += 1
                return false
            }
            state.running += 1
            return true
        }
    }

    /// Frees a place.
    package func leave() {
        state.withLock { state in
            precondition(state.running > 0, "left the gate without having entered")
            state.running -= 1
        }
    }

    /// Runs `work` in a place, or gives `nil` at once where all are taken.
    package func ifFree<Output, Failure>(
        _ work: () async throws(Failure) -> Output
    ) async throws(Failure) -> Output? {
        guard enter() else { return nil }
        defer { leave() }
        return try await work()
    }

    /// Places taken now; for metrics.
    package var running: Int { state.withLock { $0.running } }
    /// How often somebody was turned away; for metrics.
    package var refused: Int { state.withLock { $0.refused } }
}
