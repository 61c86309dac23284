import Synchronization

/// A clock for one sleeper: each step ends its sleep, and lasts until it sleeps again.
final class SteppedClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleeper: (deadline: Instant, continuation: CheckedContinuation<Void, Never>)?
        var onSleep: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, waiting) = state.withLock { state in
                    if Task.isCancelled { return (true, state.onSleep.take()) }
                    state.sleeper = (deadline, continuation)
                    return (false, state.onSleep.take())
                }
                if isOver { continuation.resume() }
                waiting?.resume()
            }
        } onCancel: {
            state.withLock { $0.sleeper.take() }?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    /// Returns when somebody sleeps.
    func untilAsleep() async {
        await withCheckedContinuation { continuation in
            let isAsleep = state.withLock { state in
                if state.sleeper == nil { state.onSleep = continuation }
                return state.sleeper != nil
            }
            if isAsleep { continuation.resume() }
        }
    }

    /// Wakes the sleeper at the time it wanted, and returns when it sleeps again.
    func step() async {
        await untilAsleep()
        let sleeper = state.withLock { state in
            if let sleeper = state.sleeper { state.now = sleeper.deadline }
            return state.sleeper.take()
        }
        sleeper?.continuation.resume()
        await untilAsleep()
    }

    /// Moves the time without waking anybody.
    func advance(by duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }
}
