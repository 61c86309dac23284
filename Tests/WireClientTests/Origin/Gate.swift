import Synchronization

/// A number that grows, and tasks that wait until it has.
final class Gate: Sendable {
    private struct State {
        var count = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func open() {
        let (ready, actions) = state.withLock { state in
            state.count += 1
            let count = state.count
            let ready = state.waiting.filter { $0.count <= count }
            state.waiting.removeAll { $0.count <= count }
            defer { state.actions = [] }
            return (ready, state.actions)
        }
        for waiter in ready { waiter.continuation.resume() }
        for action in actions { action() }
    }

    /// Returns when it has been opened so many times.
    func wait(for count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.count < count { state.waiting.append((count, continuation)) }
                return state.count >= count
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Calls back once it has been opened.
    func whenOpen(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if state.count == 0 { state.actions.append(action) }
            return state.count > 0
        }
        if isOpen { action() }
    }
}
