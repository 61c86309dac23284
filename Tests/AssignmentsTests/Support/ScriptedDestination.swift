import Assignments
import Synchronization

/// Keeps events in memory, after it has answered as it was told to.
final class ScriptedDestination: UsageDestination {
    private struct State {
        var answers: [UsageReceipt]
        var events: [UsageEvent] = []
        var sizes: [Int] = []
        /// Keeps what it is sent although it says that it does not.
        var keepsAnyway = false
    }

    private let state: Mutex<State>
    private let batchMax: Int

    init(answers: [UsageReceipt] = [], batchMax: Int = .max, keepsAnyway: Bool = false) {
        state = Mutex(State(answers: answers, keepsAnyway: keepsAnyway))
        self.batchMax = batchMax
    }

    /// Everything it was given and has kept, repetitions included.
    var events: [UsageEvent] { state.withLock { $0.events } }
    var sizes: [Int] { state.withLock { $0.sizes } }

    func take(_ events: [UsageEvent]) async -> UsageReceipt {
        state.withLock { state in
            state.sizes.append(events.count)
            if events.count > batchMax { return .tooLarge }
            let answer = state.answers.isEmpty ? .taken(refused: 0) : state.answers.removeFirst()
            if case .taken = answer { state.events += events } else if state.keepsAnyway { state.events += events }
            return answer
        }
    }
}
