/// The waiting calls of one tenant, and whether they make a standing queue.
struct TenantQueue: Sendable {
    struct Waiter: Hashable, Sendable {
        let ticket: AdmissionTable.Ticket
        let arrived: Duration
    }

    /// In order of arrival.
    private(set) var waiters: [Waiter] = []
    /// Since when every call that left had waited longer than the target.
    private var aboveSince: Duration?
    /// How often the queue has stood since it was last empty.
    private var episodes = 0

    var count: Int { waiters.count }

    mutating func append(_ waiter: Waiter) { waiters.append(waiter) }

    mutating func remove(_ ticket: AdmissionTable.Ticket) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return false }
        waiters.remove(at: index)
        return true
    }

    mutating func popNewest() -> Waiter? { waiters.popLast() }

    /// Takes the next call out, and those before it that have to go because the queue stands.
    ///
    /// As in CoDel (Nichols and Jacobson, *Controlling queue delay*, 2012), a queue stands when for a whole interval
    /// no call left it in less than the target, and the interval gets shorter with the square root of how often that
    /// happened. Other than packets, viewers do not slow down when one of them is refused; therefore all that have
    /// waited too long go at once, but the newest: a permit is not left unused.
    mutating func next(at now: Duration, _ limits: AdmissionTable.Limits) -> (next: Waiter?, shed: [Waiter]) {
        var shed: [Waiter] = []
        guard let first = waiters.first else { return (nil, shed) }
        if now - first.arrived <= limits.target {
            aboveSince = nil
        } else if let aboveSince {
            if now - aboveSince >= limits.interval / Double(episodes + 1).squareRoot() {
                let kept = waiters.dropLast().firstIndex { now - $0.arrived <= limits.target } ?? waiters.count - 1
                shed = Array(waiters[..<kept])
                waiters.removeFirst(kept)
                self.aboveSince = nil
                episodes += 1
            }
        } else {
            aboveSince = now
        }
        return (waiters.removeFirst(), shed)
    }
}
