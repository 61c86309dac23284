/// Who may work now, who waits and who is sent away: a state machine without clock, task or I/O.
///
/// At most `runningMax` have a permit. Others wait: first in, first out for each tenant, and tenants with waiting calls
/// take turns (deficit round robin with unit cost; Shreedhar and Varghese, 1995). Somebody is refused early, while
/// trying elsewhere or later still helps: when the queue is full (the tenant with most waiting calls gives way), when
/// the work ahead takes longer than the patience, and when a tenant's queue stands (see `TenantQueue`). Times are
/// durations since one fixed, arbitrary start and never go backwards. Costs are linear in the number of waiting tenants
/// and in one tenant's queue, both bounded by `waitingMax`.
package struct AdmissionTable: Sendable {
    package let limits: Limits
    /// Permits in use.
    package private(set) var running = 0
    /// Calls that wait.
    package private(set) var waiting = 0
    package private(set) var statistics = AdmissionStatistics()
    /// Tenants with waiting calls, whose turn is next first.
    private var turns: [String] = []
    private var queues: [String: TenantQueue] = [:]
    private var rate = ServiceRate()

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Somebody wants a permit; the actions concern others, who make room.
    package mutating func arrive(tenant: String, ticket: Ticket, at now: Duration) -> (Arrival, [Action]) {
        if running < limits.runningMax {
            running += 1
            statistics.admitted += 1
            return (.start, [])
        }
        let own = queues[tenant]?.count ?? 0
        guard own < limits.waitingPerTenantMax else { return (.refused(refusal(.tenantQueueFull, at: now)), []) }
        // Its turn comes once in a round of all waiting tenants; those with shorter queues drop out of the round.
        let ahead = queues.reduce(own) { sum, queue in queue.key == tenant ? sum : sum + min(queue.value.count, own + 1)
        }
        // Some always wait, so that a speed measured in bad times is measured again.
        if waiting >= limits.runningMax, let time = rate.time(for: ahead + 1, at: now), time > limits.patience {
            return (.refused(refusal(.hopeless, at: now)), [])
        }
        var actions: [Action] = []
        if waiting >= limits.waitingMax {
            guard let victim = newestOfLongest(other: tenant, longerThan: own + 1) else {
                return (.refused(refusal(.queueFull, at: now)), [])
            }
            actions.append(.refuse(victim, refusal(.queueFull, at: now)))
        }
        if own == 0 { turns.append(tenant) }
        queues[tenant, default: TenantQueue()].append(TenantQueue.Waiter(ticket: ticket, arrived: now))
        waiting += 1
        return (.wait(wakeUp: now + limits.patience), actions)
    }

    /// A permit is given back: whose turn it is now, and who is sent away on the occasion.
    package mutating func finish(at now: Duration) -> [Action] {
        precondition(running > 0, "a permit was given back twice")
        running -= 1
        var actions: [Action] = []
        while running < limits.runningMax, let tenant = turns.first, var queue = queues[tenant] {
            turns.removeFirst()
            let (next, shed) = queue.next(at: now, limits)
            waiting -= shed.count + (next == nil ? 0 : 1)
            if queue.count == 0 {
                queues[tenant] = nil
            } else {
                queues[tenant] = queue
                turns.append(tenant)
            }
            for waiter in shed { actions.append(.refuse(waiter.ticket, refusal(.standingQueue, at: now))) }
            if let next {
                running += 1
                statistics.admitted += 1
                statistics.admittedAfterWaiting += 1
                actions.append(.start(next.ticket))
            }
        }
        rate.ended(at: now, isBusy: running == limits.runningMax)
        return actions
    }

    /// A waiting call is not wanted any more; `false` if it does not wait.
    package mutating func cancel(tenant: String, ticket: Ticket) -> Bool {
        guard remove(ticket, of: tenant) else { return false }
        statistics.cancelled += 1
        return true
    }

    /// The time that a waiting call was told to come back at has come; `nil` if it does not wait any more.
    package mutating func timerFired(tenant: String, ticket: Ticket, at now: Duration) -> AdmissionRefusal? {
        remove(ticket, of: tenant) ? refusal(.waitedTooLong, at: now) : nil
    }

    /// Time until the present queue is worked off, within the limits: whole seconds, rounded up.
    package func retryAfterSeconds(at now: Duration) -> Int {
        let time = rate.time(for: waiting + 1, at: now) ?? limits.retryAfterMin
        let bounded = min(max(time, limits.retryAfterMin), limits.retryAfterMax)
        return Int(bounded.components.seconds) + (bounded.components.attoseconds > 0 ? 1 : 0)
    }

    private mutating func refusal(_ reason: AdmissionRefusal.Reason, at now: Duration) -> AdmissionRefusal {
        statistics.refused[reason, default: 0] += 1
        return AdmissionRefusal(reason: reason, retryAfterSeconds: retryAfterSeconds(at: now))
    }

    private mutating func remove(_ ticket: Ticket, of tenant: String) -> Bool {
        guard queues[tenant]?.remove(ticket) == true else { return false }
        waiting -= 1
        dropIfEmpty(tenant)
        return true
    }

    /// Takes out the newest call of another tenant that has more waiting calls than so many.
    private mutating func newestOfLongest(other tenant: String, longerThan count: Int) -> Ticket? {
        var longest: (tenant: String, count: Int)?
        for candidate in turns where candidate != tenant {
            let length = queues[candidate]?.count ?? 0
            if length > longest?.count ?? count { longest = (candidate, length) }
        }
        guard let longest, let waiter = queues[longest.tenant]?.popNewest() else { return nil }
        waiting -= 1
        dropIfEmpty(longest.tenant)
        return waiter.ticket
    }

    private mutating func dropIfEmpty(_ tenant: String) {
        guard queues[tenant]?.count == 0 else { return }
        queues[tenant] = nil
        turns.removeAll { $0 == tenant }
    }
}
