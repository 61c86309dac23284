import Synchronization

/// Lets one task do what many ask for at the same time; the others wait and share its value or its failure.
///
/// The work runs in the leader's own task, so nothing outlives its callers. When the leader is cancelled, its work is
/// lost and the longest-waiting follower starts anew. Costs one lock and, for each follower, one sleeping child task.
/// Nothing is remembered: a call that comes after the end works again. The rules are in `CollapseTable`.
package final class Collapser<Key: Hashable & Sendable, Value: Sendable, Failure: Error>: Sendable {
    private enum Signal: Sendable {
        case value(Value)
        case failure(Failure)
        case lead
        case timedOut
        case cancelled
    }

    private struct State {
        var table: CollapseTable<Key>
        var lastTicket: CollapseTable<Key>.Ticket = 0
        /// The followers that sleep; each is resumed exactly once, after it has been taken out of here.
        var sleepers: [CollapseTable<Key>.Ticket: CheckedContinuation<Signal, Never>] = [:]
        /// Signals for followers that have not gone to sleep yet.
        var early: [CollapseTable<Key>.Ticket: Signal] = [:]
    }

    private let state: Mutex<State>
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration

    package init(limits: CollapseTable<Key>.Limits, clock: some Clock<Duration> = ContinuousClock()) {
        state = Mutex(State(table: CollapseTable(limits: limits)))
        self.clock = clock
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// Keys with work under way, and tasks that wait for them.
    package var load: (keys: Int, waiting: Int) {
        state.withLock { ($0.table.count, $0.sleepers.count + $0.early.count) }
    }

    /// The value of `work()`, or that of an equal call which is under way.
    ///
    /// `work` runs at most once per call, in the caller's task, and should end soon after cancellation.
    package func value(
        for key: Key,
        _ work: () async throws(Failure) -> Value
    ) async throws(CollapseError<Failure>) -> Value {
        let now = elapsed()
        let (ticket, joined) = state.withLock { state in
            state.lastTicket += 1
            return (state.lastTicket, state.table.join(key, ticket: state.lastTicket, at: now))
        }
        switch joined {
        case .lead: return try await lead(key, ticket, work)
        case .turnedAway: throw .crowded
        case .follow(let wakeUp):
            switch await follow(key, ticket, wakeUp: wakeUp) {
            case .value(let value): return value
            case .failure(let failure): throw .failed(failure)
            case .lead: return try await lead(key, ticket, work)
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            }
        }
    }

    private func lead(
        _ key: Key,
        _ ticket: CollapseTable<Key>.Ticket,
        _ work: () async throws(Failure) -> Value
    ) async throws(CollapseError<Failure>) -> Value {
        do throws(Failure) {
            let value = try await work()
            let released = state.withLock { $0.table.finish(key, ticket: ticket) }
            signal(released, .value(value))
            return value
        } catch {
            if Task.isCancelled {
                let now = elapsed()
                let next = state.withLock { $0.table.drop(key, ticket: ticket, at: now) }
                signal(next.map { [$0] } ?? [], .lead)
            } else {
                let released = state.withLock { $0.table.finish(key, ticket: ticket, isFailure: true) }
                signal(released, .failure(error))
            }
            throw .failed(error)
        }
    }

    /// Sleeps until released; a child task keeps the follower's timer.
    private func follow(_ key: Key, _ ticket: CollapseTable<Key>.Ticket, wakeUp: Duration) async -> Signal {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTimer(key, ticket, wakeUp: wakeUp) }
            let received = await withTaskCancellationHandler {
                await self.sleep(ticket)
            } onCancel: {
                let wasWaiting = self.state.withLock { $0.table.leave(key, ticket: ticket) }
                if wasWaiting { self.signal([ticket], .cancelled) }
            }
            group.cancelAll()
            return received
        }
    }

    private func sleep(_ ticket: CollapseTable<Key>.Ticket) async -> Signal {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state in
                let early = state.early.removeValue(forKey: ticket)
                if early == nil { state.sleepers[ticket] = continuation }
                return early
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    private func keepTimer(_ key: Key, _ ticket: CollapseTable<Key>.Ticket, wakeUp: Duration) async {
        var wakeUp = wakeUp
        while true {
            do {
                try await clock.sleep(for: max(.zero, wakeUp - elapsed()))
            } catch {
                return
            }
            let now = elapsed()
            switch state.withLock({ $0.table.timerFired(key, ticket: ticket, at: now) }) {
            case .wait(let next): wakeUp = next
            case .lead: return signal([ticket], .lead)
            case .giveUp: return signal([ticket], .timedOut)
            case .nothing: return
            }
        }
    }

    private func signal(_ tickets: [CollapseTable<Key>.Ticket], _ signal: Signal) {
        for ticket in tickets {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: ticket)
                if sleeper == nil { state.early[ticket] = signal }
                return sleeper
            }
            sleeper?.resume(returning: signal)
        }
    }
}
