import Assignments
import Synchronization

/// Keeps events in memory, after it has failed as often as it was told to.
final class ScriptedSink: UsageSink {
    private struct State {
        var failures: [AssignmentsError]
        var events: [UsageEvent] = []
        var calls = 0
    }

    private let state: Mutex<State>

    init(failures: [AssignmentsError] = []) {
        state = Mutex(State(failures: failures))
    }

    var events: [UsageEvent] { state.withLock { $0.events } }
    var calls: Int { state.withLock { $0.calls } }

    func record(_ events: [UsageEvent]) async throws(AssignmentsError) {
        let failure = state.withLock { state -> AssignmentsError? in
            state.calls += 1
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            state.events += events
            return nil
        }
        if let failure { throw failure }
    }
}
