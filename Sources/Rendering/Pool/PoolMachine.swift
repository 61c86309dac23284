import DeliveryTypes

/// Every decision of the render pool: which job goes to which worker and when, who is turned away, which worker is
/// started, retired or killed.
///
/// A plain value: it has no clock, does no I/O and knows neither pictures nor processes. Each event comes with the
/// moment at which it happened (time since the pool was made) and is answered by actions, which the shell performs in
/// order. `nextAlarm` says when to send `.alarm` if nothing happens before. The states are drawn in `DESIGN.md`.
struct PoolMachine: Sendable {
    typealias Moment = Duration

    let settings: Settings
    private(set) var workers: [WorkerID: Worker] = [:]
    private(set) var tickets: [JobID: Ticket] = [:]
    private(set) var queue = FairQueue()
    private(set) var counts = Counts()
    /// Exponentially weighted mean of the time a job keeps a worker busy.
    private(set) var meanJobTime: Duration = .milliseconds(50)
    private(set) var isStarted = false
    private(set) var drainsUntil: Moment?
    private(set) var isStopped = false

    private var nextWorker: UInt64 = 0
    /// Workers in a row that failed without a job being the reason.
    private var failures = 0
    private var startsAgainAt: Moment = .zero
    private var actions: [Action] = []

    init(settings: Settings) { self.settings = settings }

    mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        switch event {
        case .started: isStarted = true
        case .submitted(let job, let tenant, let deadline): submit(job, tenant: tenant, deadline: deadline, at: now)
        case .abandoned(let job): abandon(job)
        case .workerReady(let worker): ready(worker)
        case .replied(let worker, let reply): replied(worker, reply, at: now)
        case .workerEnded(let worker): ended(worker, at: now)
        case .draining(let limit): drain(until: now + limit)
        case .alarm: break
        }
        expire(at: now)
        settle(at: now)
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// When something is due although nothing happens.
    var nextAlarm: Moment? {
        guard !isStopped else { return nil }
        let hasWork = !tickets.isEmpty || workers.values.contains { $0.phase.isStarting }
        var alarm = hasWork ? drainsUntil : nil
        func consider(_ moment: Moment) { alarm = min(alarm ?? moment, moment) }
        for job in queue.jobs {
            if let ticket = tickets[job] { consider(ticket.deadline) }
        }
        for worker in workers.values {
            if let until = worker.phase.until { consider(until) }
        }
        if missingWorkers > 0 { consider(startsAgainAt) }
        return alarm
    }

    // MARK: Events

    private mutating func submit(_ job: JobID, tenant: TenantID, deadline: Moment, at now: Moment) {
        guard drainsUntil == nil else { return actions.append(.finish(job, .shuttingDown)) }
        tickets[job] = Ticket(tenant: tenant, submitted: now, deadline: deadline)
        queue.append(job, for: tenant)
        dispatch(at: now)
        guard queue.count > settings.queueMax, let victim = queue.newestOfLongest(preferring: tenant) else { return }
        counts.rejected += 1
        finishQueued(victim, .overloaded(retryAfter: expectedWait))
    }

    private mutating func abandon(_ job: JobID) {
        guard let ticket = tickets[job], !ticket.isAbandoned else { return }
        if queue.remove(job, of: ticket.tenant) {
            tickets[job] = nil
        } else {
            // It runs: killing a worker costs more than an average job, so it may end, and nobody gets the result.
            tickets[job]?.isAbandoned = true
        }
        counts.cancelled += 1
        actions.append(.finish(job, .cancelled))
    }

    private mutating func ready(_ worker: WorkerID) {
        guard case .starting = workers[worker]?.phase else { return }
        workers[worker]?.phase = .idle
    }

    private mutating func replied(_ id: WorkerID, _ reply: Reply, at now: Moment) {
        guard var worker = workers[id], case .busy(let job, let since, _) = worker.phase else { return }
        failures = 0
        meanJobTime = (meanJobTime * 7 + (now - since)) / 8
        worker.phase = .idle
        worker.jobs += 1
        worker.residentBytes = reply.residentBytes
        worker.isWorn = worker.isWorn || reply.isFault || isWorn(worker)
        workers[id] = worker
        if reply.isFault, retry(job, at: now) { return }
        counts.completed += 1
        finishRunning(job, .replied)
    }

    private mutating func ended(_ id: WorkerID, at now: Moment) {
        guard let worker = workers.removeValue(forKey: id) else { return }
        switch worker.phase {
        case .starting, .idle:
            counts.crashes += 1
            backOff(at: now)
        case .busy(let job, _, _):
            // The job may be to blame, so the next worker starts at once: no crafted picture can slow the pool down.
            counts.crashes += 1
            if !retry(job, at: now) { finishRunning(job, .crashed) }
        case .retiring, .ending: break
        }
    }

    private mutating func drain(until limit: Moment) {
        drainsUntil = min(drainsUntil ?? limit, limit)
    }

    // MARK: Deadlines

    private mutating func expire(at now: Moment) {
        let isOver = drainsUntil.map { $0 <= now } ?? false
        let late = queue.jobs.filter { job in isOver || tickets[job].map { $0.deadline <= now } ?? true }
        for job in late.sorted(by: { $0.number < $1.number }) {
            if !isOver { counts.expired += 1 }
            finishQueued(job, isOver ? .shuttingDown : .deadlineExceeded)
        }
        for (id, worker) in workers.sorted(by: { $0.key < $1.key }) {
            guard let until = worker.phase.until, until <= now || isOver else { continue }
            switch worker.phase {
            case .starting: if !isOver { backOff(at: now) }
            case .busy(let job, _, _):
                if !isOver { counts.expired += 1 }
                finishRunning(job, isOver ? .shuttingDown : .deadlineExceeded)
            case .retiring where until > now: continue
            case .idle, .retiring, .ending: break
            }
            counts.killed += 1
            workers[id]?.phase = .ending
            actions.append(.kill(id))
        }
    }

    // MARK: Jobs

    private mutating func dispatch(at now: Moment) {
        while let id = nextIdleWorker, let job = queue.popFirst() {
            guard let ticket = tickets[job] else { continue }
            if ticket.deadline <= now {
                tickets[job] = nil
                counts.expired += 1
                actions.append(.finish(job, .deadlineExceeded))
                continue
            }
            tickets[job]?.attempts += 1
            workers[id]?.phase = .busy(job, since: now, until: now + settings.executionLimit)
            actions.append(.assign(job, id))
        }
    }

    /// Unworn workers first, so that worn ones can go.
    private var nextIdleWorker: WorkerID? {
        let idle = workers.filter { $0.value.phase == .idle }
        return idle.filter { !$0.value.isWorn }.keys.min() ?? idle.keys.min()
    }

    private mutating func retry(_ job: JobID, at now: Moment) -> Bool {
        guard let ticket = tickets[job], !ticket.isAbandoned, ticket.attempts <= settings.retriesMax,
            now < ticket.deadline, drainsUntil.map({ now < $0 }) ?? true
        else { return false }
        counts.retried += 1
        queue.putBack(job, for: ticket.tenant)
        return true
    }

    private mutating func finishQueued(_ job: JobID, _ outcome: Outcome) {
        guard let ticket = tickets.removeValue(forKey: job) else { return }
        queue.remove(job, of: ticket.tenant)
        actions.append(.finish(job, outcome))
    }

    private mutating func finishRunning(_ job: JobID, _ outcome: Outcome) {
        guard let ticket = tickets.removeValue(forKey: job), !ticket.isAbandoned else { return }
        actions.append(.finish(job, outcome))
    }

    /// How long a job that came now would wait for its turn.
    private var expectedWait: Duration {
        meanJobTime * (queue.count + 1) / max(1, settings.workers)
    }

    // MARK: Workers

    private func isWorn(_ worker: Worker) -> Bool {
        if worker.jobs >= settings.jobsPerWorker { return true }
        // A worker that is large from the start would be replaced again and again: let it earn its start first.
        let isUsed = worker.jobs >= settings.jobsBeforeRecyclingMin
        return worker.residentBytes > (isUsed ? settings.residentMax : settings.residentMax * 2)
    }

    private mutating func backOff(at now: Moment) {
        failures = min(failures + 1, 16)
        startsAgainAt = now + min(settings.backoffMax, settings.backoffFirst * (1 << (failures - 1)))
    }

    /// How many workers should be started now, if the time has come.
    private var missingWorkers: Int {
        guard isStarted else { return 0 }
        let starting = workers.values.count { $0.phase.isStarting }
        let serving = workers.values.count { $0.phase.isServing }
        let fresh = workers.values.count { $0.phase.isServing && !$0.isWorn }
        let room = settings.workers * 2 + 2 - workers.count
        if drainsUntil != nil {
            return queue.isEmpty || starting + serving > 0 ? 0 : min(1, room)
        }
        let missing = settings.workers - serving - starting
        // After a failure one at a time; and one at a time replaces worn workers that still serve.
        if missing > 0 { return min(failures > 0 ? max(0, 1 - starting) : missing, room) }
        return fresh + starting < settings.workers && starting == 0 ? min(1, room) : 0
    }

    private mutating func settle(at now: Moment) {
        // Before work is given out too, or a worn worker would never be idle under load.
        retireSurplus(at: now)
        dispatch(at: now)
        if now >= startsAgainAt {
            for _ in 0..<max(0, missingWorkers) {
                let id = WorkerID(number: nextWorker)
                nextWorker += 1
                workers[id] = Worker(phase: .starting(until: now + settings.startLimit))
                actions.append(.start(id))
            }
        }
        retireSurplus(at: now)
        guard isStarted, drainsUntil != nil, workers.isEmpty, queue.isEmpty, !isStopped else { return }
        isStopped = true
        actions.append(.stop)
    }

    private mutating func retireSurplus(at now: Moment) {
        let isEmptying = drainsUntil != nil && queue.isEmpty
        var serving = workers.values.count { $0.phase.isServing }
        for (id, worker) in workers.sorted(by: { $0.key < $1.key }) {
            let isSurplus = isEmptying || (worker.isWorn && serving > settings.workers)
            guard isSurplus, worker.phase == .idle || (isEmptying && worker.phase.isStarting) else { continue }
            if worker.isWorn { counts.recycled += 1 }
            serving -= worker.phase == .idle ? 1 : 0
            workers[id]?.phase = .retiring(until: now + settings.retireGrace)
            actions.append(.retire(id))
        }
    }
}
