import Synchronization

/// Lets one task at a time, in the order of their coming, store a release or sweep records in this process.
///
/// So no sweep here removes a record that a publish has just found to be there. Other processes are not held.
final class PublishGate: Sendable {
    private struct State {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs `body` when it is its turn.
    ///
    /// Cancellation does not end the wait: whoever is inside comes to an end.
    func run<Value>(
        _ body: () async throws(PublicationError) -> Value
    ) async throws(PublicationError) -> Value {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in
            let isFree = state.withLock { state in
                guard state.isBusy else {
                    state.isBusy = true
                    return true
                }
                state.waiting.append(turn)
                return false
            }
            if isFree { turn.resume() }
        }
        defer { leave() }
        return try await body()
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
