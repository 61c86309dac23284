import Synchronization

/// Bounds how much is done at once and how much waits for it, fairly between tenants; refuses early under overload.
///
/// Costs one lock for who gets in at once, and one sleeping child task for who waits. Nothing outlives its callers. The
/// rules are in `AdmissionTable`.
package final class AdmissionGate: Sendable {
    private enum Signal: Sendable {
        case start
        case refused(AdmissionRefusal)
        case cancelled
    }

    private struct State {
        var table: AdmissionTable
        var lastTicket: AdmissionTable.Ticket = 0
        /// The calls that sleep; each is resumed exactly once, after it has been taken out of here.
        var sleepers: [AdmissionTable.Ticket: CheckedContinuation<Signal, Never>] = [:]
        /// Signals for calls that have not gone to sleep yet.
        var early: [AdmissionTable.Ticket: Signal] = [:]
    }

    private let state: Mutex<State>
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration

    package init(
        limits: AdmissionTable.Limits = AdmissionTable.Limits(),
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        state = Mutex(State(table: AdmissionTable(limits: limits)))
        self.clock = clock
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// Permits in use, and calls that wait for one.
    package var load: (running: Int, waiting: Int) { state.withLock { ($0.table.running, $0.table.waiting) } }

    package var statistics: AdmissionStatistics { state.withLock { $0.table.statistics } }

    /// Works with a permit, as soon as there is one.
    ///
    /// - Returns: What the work returned or threw.
    /// - Throws: `AdmissionError`; the work has not begun then.
    package func withPermit<Value, Failure: Error>(
        tenant: String,
        _ work: () async throws(Failure) -> Value
    ) async throws(AdmissionError) -> Result<Value, Failure> {
        let permit = try await permit(tenant: tenant)
        defer { permit.giveBack() }
        do throws(Failure) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }

    /// A permit, as soon as there is one.
    ///
    /// - Throws: `AdmissionError`.
    package func permit(tenant: String) async throws(AdmissionError) -> AdmissionPermit {
        let now = elapsed()
        let (ticket, arrival, actions) = state.withLock { state in
            state.lastTicket += 1
            let (arrival, actions) = state.table.arrive(tenant: tenant, ticket: state.lastTicket, at: now)
            return (state.lastTicket, arrival, actions)
        }
        perform(actions)
        switch arrival {
        case .start: return AdmissionPermit(of: self)
        case .refused(let refusal): throw .refused(refusal)
        case .wait(let wakeUp):
            switch await wait(tenant, ticket, wakeUp: wakeUp) {
            case .start: return AdmissionPermit(of: self)
            case .refused(let refusal): throw .refused(refusal)
            case .cancelled: throw .cancelled
            }
        }
    }

    func finish() {
        let now = elapsed()
        perform(state.withLock { $0.table.finish(at: now) })
    }

    /// Sleeps until something happens; a child task keeps the timer.
    private func wait(_ tenant: String, _ ticket: AdmissionTable.Ticket, wakeUp: Duration) async -> Signal {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTimer(tenant, ticket, wakeUp: wakeUp) }
            let received = await withTaskCancellationHandler {
                await self.sleep(ticket)
            } onCancel: {
                let wasWaiting = self.state.withLock { $0.table.cancel(tenant: tenant, ticket: ticket) }
                if wasWaiting { self.signal(ticket, .cancelled) }
            }
            group.cancelAll()
            return received
        }
    }

    private func sleep(_ ticket: AdmissionTable.Ticket) async -> Signal {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state in
                let early = state.early.removeValue(forKey: ticket)
                if early == nil { state.sleepers[ticket] = continuation }
                return early
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    private func keepTimer(_ tenant: String, _ ticket: AdmissionTable.Ticket, wakeUp: Duration) async {
        do {
            try await clock.sleep(for: max(.zero, wakeUp - elapsed()))
        } catch {
            return
        }
        let now = elapsed()
        let refusal = state.withLock { $0.table.timerFired(tenant: tenant, ticket: ticket, at: now) }
        if let refusal { signal(ticket, .refused(refusal)) }
    }

    private func perform(_ actions: [AdmissionTable.Action]) {
        for action in actions {
            switch action {
            case .start(let ticket): signal(ticket, .start)
            case .refuse(let ticket, let refusal): signal(ticket, .refused(refusal))
            }
        }
    }

    private func signal(_ ticket: AdmissionTable.Ticket, _ signal: Signal) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: ticket)
            if sleeper == nil { state.early[ticket] = signal }
            return sleeper
        }
        sleeper?.resume(returning: signal)
    }
}
