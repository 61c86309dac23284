import Synchronization

/// Holds tasks until so many have come; once open it stays open.
final class Barrier: Sendable {
    private struct State {
        var missing: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(missing: count)) }

    func wait() async {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in
            let going = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing -= 1
                if state.missing > 0 {
                    state.waiting.append(turn)
                    return []
                }
                defer { state.waiting = [] }
                return state.waiting + [turn]
            }
            for turn in going { turn.resume() }
        }
    }
}
