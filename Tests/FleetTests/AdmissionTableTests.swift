import Fleet
import Testing

@Suite("AdmissionTable")
struct AdmissionTableTests {
    private typealias Ticket = AdmissionTable.Ticket

    /// So slow to judge that only the order counts.
    private static func calm(running: Int, waiting: Int = 512, perTenant: Int = 256) -> AdmissionTable.Limits {
        .init(
            runningMax: running,
            waitingMax: waiting,
            waitingPerTenantMax: perTenant,
            patience: .seconds(1_000_000),
            target: .seconds(1_000_000)
        )
    }

    private static func refusal(_ arrival: AdmissionTable.Arrival) -> AdmissionRefusal.Reason? {
        if case .refused(let refusal) = arrival { refusal.reason } else { nil }
    }

    private static func started(_ actions: [AdmissionTable.Action]) -> [Ticket] {
        actions.compactMap { if case .start(let ticket) = $0 { ticket } else { nil } }
    }

    private static func refused(_ actions: [AdmissionTable.Action]) -> [Ticket] {
        actions.compactMap { if case .refuse(let ticket, _) = $0 { ticket } else { nil } }
    }

    @Test("so many work at once, and the next ones wait their turn")
    func bounds() {
        var table = AdmissionTable(limits: Self.calm(running: 2))
        #expect(table.arrive(tenant: "a", ticket: 1, at: .zero).0 == .start)
        #expect(table.arrive(tenant: "a", ticket: 2, at: .zero).0 == .start)
        #expect(table.arrive(tenant: "a", ticket: 3, at: .seconds(1)).0 == .wait(wakeUp: .seconds(1_000_001)))
        #expect((table.running, table.waiting) == (2, 1))
        #expect(table.finish(at: .seconds(2)) == [.start(3)])
        #expect(table.finish(at: .seconds(3)) == [])
        #expect((table.running, table.waiting) == (1, 0))
        #expect(table.statistics.admitted == 3 && table.statistics.admittedAfterWaiting == 1)
    }

    @Test("a tenant with one call waits for one turn, not for the flood of another")
    func fairness() {
        var table = AdmissionTable(limits: Self.calm(running: 1))
        for ticket in 1...100 as ClosedRange<Ticket> { _ = table.arrive(tenant: "flood", ticket: ticket, at: .zero) }
        _ = table.arrive(tenant: "small", ticket: 1000, at: .zero)
        _ = table.arrive(tenant: "other", ticket: 2000, at: .zero)
        let order = (0..<6).flatMap { _ in Self.started(table.finish(at: .zero)) }
        #expect(order == [2, 1000, 2000, 3, 4, 5])
    }

    @Test("it serves in the order of a plain list in which tenants take turns", arguments: 0..<30)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let waitingMax = generator.number(0..<20)
        let perTenant = generator.number(1..<10)
        let runningMax = generator.number(1..<4)
        var table = AdmissionTable(limits: Self.calm(running: runningMax, waiting: waitingMax, perTenant: perTenant))
        // In order of arrival; and the tenants in order of their turns.
        var waiting: [(tenant: String, ticket: Ticket)] = []
        var turns: [String] = []
        var running = 0
        func count(_ tenant: String) -> Int { waiting.filter { $0.tenant == tenant }.count }
        func forget() { turns.removeAll { count($0) == 0 } }
        for ticket in 1...2000 as ClosedRange<Ticket> {
            let tenant = ["a", "b", "c", "d"][generator.number(0..<4)]
            switch generator.number(0..<8) {
            case 0..<4:
                let (arrival, actions) = table.arrive(tenant: tenant, ticket: ticket, at: .zero)
                if running < runningMax {
                    running += 1
                    #expect(arrival == .start && actions == [])
                } else if count(tenant) >= perTenant {
                    #expect(Self.refusal(arrival) == .tenantQueueFull && actions == [])
                } else {
                    var isAccepted = waiting.count < waitingMax
                    if !isAccepted {
                        let others = turns.filter { $0 != tenant && count($0) > count(tenant) + 1 }
                        let longest = others.map(count).max() ?? 0
                        if let victim = others.first(where: { count($0) == longest }),
                            let index = waiting.lastIndex(where: { $0.tenant == victim })
                        {
                            #expect(Self.refused(actions) == [waiting[index].ticket])
                            waiting.remove(at: index)
                            isAccepted = true
                        } else {
                            #expect(Self.refusal(arrival) == .queueFull)
                        }
                    }
                    if isAccepted {
                        waiting.append((tenant, ticket))
                        if !turns.contains(tenant) { turns.append(tenant) }
                        #expect(arrival == .wait(wakeUp: .seconds(1_000_000)))
                    }
                }
            case 4..<7 where running > 0:
                running -= 1
                var expected: [Ticket] = []
                if let tenant = turns.first, let index = waiting.firstIndex(where: { $0.tenant == tenant }) {
                    expected = [waiting.remove(at: index).ticket]
                    running += 1
                    turns.removeFirst()
                    turns.append(tenant)
                    forget()
                }
                #expect(table.finish(at: .zero) == expected.map(AdmissionTable.Action.start))
            default:
                guard !waiting.isEmpty else { continue }
                let index = generator.number(0..<waiting.count)
                let left = waiting.remove(at: index)
                forget()
                let cancelled = (0..<2).map { _ in table.cancel(tenant: left.tenant, ticket: left.ticket) }
                #expect(cancelled == [true, false])
            }
            #expect((table.running, table.waiting) == (running, waiting.count))
        }
    }

    @Test("every call gets one answer, and no permit is idle while somebody waits", arguments: 0..<30)
    func properties(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limits = AdmissionTable.Limits(
            runningMax: generator.number(1..<6),
            waitingMax: generator.number(1..<40),
            waitingPerTenantMax: generator.number(1..<30),
            patience: .milliseconds(800),
            target: .milliseconds(50),
            interval: .milliseconds(200)
        )
        var table = AdmissionTable(limits: limits)
        var waiting: [Ticket: (tenant: String, wakeUp: Duration)] = [:]
        var lastStarted: [String: Ticket] = [:]
        var now = Duration.zero
        func perform(_ actions: [AdmissionTable.Action]) {
            for action in actions {
                switch action {
                case .start(let ticket):
                    guard let call = waiting.removeValue(forKey: ticket) else {
                        Issue.record("\(ticket) did not wait")
                        continue
                    }
                    #expect(ticket > lastStarted[call.tenant] ?? 0, "first in, first out")
                    lastStarted[call.tenant] = ticket
                case .refuse(let ticket, let refusal):
                    #expect(waiting.removeValue(forKey: ticket) != nil)
                    #expect((1...60).contains(refusal.retryAfterSeconds))
                }
            }
        }
        for ticket in 1...3000 as ClosedRange<Ticket> {
            now += .microseconds(generator.number(0..<20_000))
            for (late, call) in waiting where call.wakeUp <= now {
                #expect(table.timerFired(tenant: call.tenant, ticket: late, at: now)?.reason == .waitedTooLong)
                waiting[late] = nil
            }
            let tenant = ["a", "b", "c"][min(2, generator.number(0..<6))]
            switch generator.number(0..<10) {
            case 0..<6:
                let (arrival, actions) = table.arrive(tenant: tenant, ticket: ticket, at: now)
                if case .wait(let wakeUp) = arrival { waiting[ticket] = (tenant, wakeUp) }
                perform(actions)
            case 6..<9 where table.running > 0: perform(table.finish(at: now))
            default:
                guard let (left, call) = waiting.min(by: { $0.key < $1.key }) else { continue }
                let isCancelled = table.cancel(tenant: call.tenant, ticket: left)
                #expect(isCancelled)
                waiting[left] = nil
            }
            #expect(table.waiting == waiting.count && table.waiting <= limits.waitingMax)
            #expect(table.running == limits.runningMax || table.waiting == 0)
        }
    }

    /// Calls of one tenant at an even rate to a gate whose work takes an even time.
    private struct Overload {
        var waits: [Duration] = []
        var refused = 0
        var table: AdmissionTable

        init(_ limits: AdmissionTable.Limits, every gap: Duration, work: Duration, calls: Int) {
            table = AdmissionTable(limits: limits)
            var arrivals: [Ticket: Duration] = [:]
            var ends: [Duration] = []
            for call in 0..<calls {
                let now = gap * call
                while let end = ends.first, end <= now {
                    ends.removeFirst()
                    for action in table.finish(at: end) {
                        switch action {
                        case .start(let ticket):
                            waits.append(end - (arrivals.removeValue(forKey: ticket) ?? .zero))
                            ends.append(end + work)
                        case .refuse: refused += 1
                        }
                    }
                }
                let (arrival, actions) = table.arrive(tenant: "a", ticket: Ticket(call), at: now)
                refused += actions.count
                switch arrival {
                case .start:
                    waits.append(.zero)
                    ends.append(now + work)
                case .wait: arrivals[Ticket(call)] = now
                case .refused: refused += 1
                }
            }
        }
    }

    @Test("under twice the load, those who get in have waited shortly, and all permits are in use")
    func overload() {
        // 40 can be done in a second, 80 come, for a minute.
        let limits = AdmissionTable.Limits(runningMax: 4, waitingPerTenantMax: 512, patience: .seconds(30))
        let overload = Overload(limits, every: .microseconds(12_500), work: .milliseconds(100), calls: 4800)
        #expect(overload.waits.count > 2360, "all that can be done")
        let sorted = overload.waits.sorted()
        #expect(sorted[sorted.count / 2] < .milliseconds(500))
        #expect(sorted[sorted.count * 99 / 100] < .milliseconds(1000))
        #expect(overload.table.statistics.refused[.standingQueue] ?? 0 > 2000)
        // Without it, the queue is as long as it may be.
        var patient = limits
        patient.target = .seconds(1000)
        let standing = Overload(patient, every: .microseconds(12_500), work: .milliseconds(100), calls: 4800).waits
        #expect(standing.sorted()[standing.count / 2] > .seconds(5))
    }

    @Test("long waits with short ones between them are no standing queue; without, the older ones go")
    func standingQueue() {
        for hasShortWaits in [true, false] {
            var table = AdmissionTable(limits: .init(runningMax: 1, target: .milliseconds(200), interval: .seconds(1)))
            func arrive(_ ticket: Ticket, at milliseconds: Int) {
                _ = table.arrive(tenant: "a", ticket: ticket, at: .milliseconds(milliseconds))
            }
            arrive(1, at: 0)
            arrive(2, at: 0)
            var next: Ticket = hasShortWaits ? 4 : 6
            for ticket in 3..<next { arrive(ticket, at: hasShortWaits ? 250 : 0) }
            #expect(Self.started(table.finish(at: .milliseconds(300))) == [2])
            // In every 100 ms one arrives and one leaves, after 150 ms or at least 350.
            for time in stride(from: 350, to: 1200, by: 100) {
                arrive(next, at: time)
                next += 1
                #expect(Self.refused(table.finish(at: .milliseconds(time + 50))) == [])
            }
            arrive(next, at: 1400)
            let actions = table.finish(at: .milliseconds(1500))
            #expect(Self.refused(actions).isEmpty == hasShortWaits)
            #expect(Self.started(actions) == [hasShortWaits ? next - 1 : next])
        }
    }

    @Test("a burst that is worked off in time loses nobody")
    func burst() {
        let limits = AdmissionTable.Limits(runningMax: 4)
        let burst = Overload(limits, every: .milliseconds(1), work: .milliseconds(10), calls: 100)
        #expect(burst.refused == 0)
    }

    @Test("whom the work ahead would keep longer than the patience is refused at once, with an honest Retry-After")
    func hopeless() {
        var limits = Self.calm(running: 1)
        limits.patience = .seconds(5)
        var table = AdmissionTable(limits: limits)
        var now = Duration.zero
        var ticket: Ticket = 0
        func arrive(_ tenant: String) -> AdmissionTable.Arrival {
            ticket += 1
            return table.arrive(tenant: tenant, ticket: ticket, at: now).0
        }
        for _ in 0..<12 { _ = arrive("a") }
        for _ in 0..<10 {
            now += .seconds(1)
            _ = table.finish(at: now)
        }
        // One wait, at one a second.
        #expect(table.waiting == 1)
        for _ in 0..<4 { #expect(Self.refusal(arrive("a")) == nil) }
        #expect(arrive("a") == .refused(.init(reason: .hopeless, retryAfterSeconds: 6)))
        // Another tenant has its own turn.
        #expect(Self.refusal(arrive("b")) == nil)
        // When nothing ends any more, that is the speed.
        now += .seconds(10)
        #expect(arrive("c") == .refused(.init(reason: .hopeless, retryAfterSeconds: 60)))
    }

    @Test("a speed measured in bad times does not keep the gate shut in good ones")
    func recovery() {
        var limits = Self.calm(running: 1)
        limits.patience = .seconds(5)
        var table = AdmissionTable(limits: limits)
        var now = Duration.zero
        var ticket: Ticket = 0
        func arrive() -> AdmissionTable.Arrival {
            ticket += 1
            return table.arrive(tenant: "a", ticket: ticket, at: now).0
        }
        for _ in 0..<12 { _ = arrive() }
        for _ in 0..<12 {
            now += .seconds(10)
            _ = table.finish(at: now)
        }
        #expect(arrive() == .start)
        for _ in 0..<40 {
            #expect(Self.refusal(arrive()) == nil)
            now += .milliseconds(10)
            _ = table.finish(at: now)
        }
        for _ in 0..<4 { #expect(Self.refusal(arrive()) == nil) }
    }

    @Test("whoever has waited as long as anybody may is sent away, once")
    func patience() {
        var table = AdmissionTable(limits: .init(runningMax: 1, patience: .seconds(3)))
        _ = table.arrive(tenant: "a", ticket: 1, at: .zero)
        #expect(table.arrive(tenant: "a", ticket: 2, at: .seconds(1)).0 == .wait(wakeUp: .seconds(4)))
        let refusal = table.timerFired(tenant: "a", ticket: 2, at: .seconds(4))
        #expect(refusal == AdmissionRefusal(reason: .waitedTooLong, retryAfterSeconds: 1))
        #expect(table.timerFired(tenant: "a", ticket: 2, at: .seconds(4)) == nil)
        #expect(table.finish(at: .seconds(5)) == [])
        #expect(table.statistics.refused == [.waitedTooLong: 1])
    }

    @Test("a full queue takes from the longest for a tenant that has less; nobody fills it for the others")
    func fullQueue() {
        var table = AdmissionTable(limits: Self.calm(running: 1, waiting: 4, perTenant: 4))
        for ticket in 1...5 as ClosedRange<Ticket> { _ = table.arrive(tenant: "flood", ticket: ticket, at: .zero) }
        let (arrival, actions) = table.arrive(tenant: "small", ticket: 9, at: .zero)
        #expect(arrival == .wait(wakeUp: .seconds(1_000_000)))
        #expect(actions == [.refuse(5, .init(reason: .queueFull, retryAfterSeconds: 1))])
        #expect(Self.refusal(table.arrive(tenant: "flood", ticket: 10, at: .zero).0) == .queueFull)
        #expect(table.waiting == 4)
    }

    @Test("without a queue there are permits or refusals")
    func noQueue() {
        var table = AdmissionTable(limits: Self.calm(running: 1, waiting: 0))
        #expect(table.arrive(tenant: "a", ticket: 1, at: .zero).0 == .start)
        #expect(Self.refusal(table.arrive(tenant: "b", ticket: 2, at: .zero).0) == .queueFull)
    }
}
