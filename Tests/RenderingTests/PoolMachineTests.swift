import DeliveryTypes
import Testing

@testable import Rendering

@Suite struct PoolMachineTests {
    private let a = TenantID("a")
    private let b = TenantID("b")

    /// A machine whose workers are all ready, at time 0.
    private func machine(
        workers: Int = 1,
        _ adjust: (inout PoolMachine.Settings) -> Void = { _ in }
    ) -> PoolMachine {
        var settings = PoolMachine.Settings()
        settings.workers = workers
        adjust(&settings)
        var machine = PoolMachine(settings: settings)
        for case .start(let worker) in machine.handle(.started, at: .zero) {
            _ = machine.handle(.workerReady(worker), at: .zero)
        }
        return machine
    }

    private func job(_ number: UInt64) -> JobID { JobID(number: number) }

    private func worker(_ number: UInt64) -> WorkerID { WorkerID(number: number) }

    private func submitted(_ number: UInt64, _ tenant: TenantID = .shared) -> PoolMachine.Event {
        .submitted(job(number), tenant, deadline: .seconds(10))
    }

    private func replied(_ number: UInt64, residentBytes: Int = 0, isFault: Bool = false) -> PoolMachine.Event {
        .replied(worker(number), .init(residentBytes: residentBytes, isFault: isFault))
    }

    @Test("all workers are started at once")
    func starts() {
        var machine = PoolMachine(settings: .init(workers: 3))
        #expect(machine.handle(.started, at: .zero) == [.start(worker(0)), .start(worker(1)), .start(worker(2))])
    }

    @Test("a job before the start waits for the first worker")
    func early() {
        var machine = PoolMachine(settings: .init(workers: 1))
        #expect(machine.handle(submitted(0), at: .zero) == [])
        #expect(machine.handle(.started, at: .zero) == [.start(worker(0))])
        #expect(machine.handle(.workerReady(worker(0)), at: .zero) == [.assign(job(0), worker(0))])
    }

    @Test("one job at a time for each worker, then the next tenant's")
    func fairness() {
        var machine = machine()
        #expect(machine.handle(submitted(0, a), at: .zero) == [.assign(job(0), worker(0))])
        for number in 1...3 { #expect(machine.handle(submitted(UInt64(number), a), at: .zero) == []) }
        #expect(machine.handle(submitted(4, b), at: .zero) == [])
        var order: [JobID] = []
        for _ in 0..<4 {
            for case .assign(let job, _) in machine.handle(replied(0), at: .zero) { order.append(job) }
        }
        #expect(order == [job(1), job(4), job(2), job(3)])
    }

    @Test("past the queue's length the newest of the greediest tenant is turned away")
    func overflow() {
        var machine = machine { $0.queueMax = 2 }
        for number in 0...2 { _ = machine.handle(submitted(UInt64(number), a), at: .zero) }
        let actions = machine.handle(submitted(3, b), at: .zero)
        // Mean 50 ms, three others before it, one worker.
        #expect(actions == [.finish(job(2), .overloaded(retryAfter: .milliseconds(200)))])
        #expect(machine.queue.count == 2)
    }

    @Test("the time to come back grows with the queue and with how long jobs take")
    func retryAfter() {
        var machine = machine(workers: 2) { $0.queueMax = 3 }
        for number in 0..<2 { _ = machine.handle(submitted(UInt64(number)), at: .zero) }
        for _ in 0..<60 {
            _ = machine.handle(submitted(100), at: .zero)
            _ = machine.handle(replied(0), at: .seconds(1))
        }
        #expect(machine.meanJobTime > .milliseconds(900))
    }

    @Test("a crash gives the job to another worker once, at the head of the line")
    func retry() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        #expect(machine.handle(.workerEnded(worker(0)), at: .zero) == [.start(worker(1))])
        #expect(machine.handle(.workerReady(worker(1)), at: .zero) == [.assign(job(0), worker(1))])
        let second = machine.handle(.workerEnded(worker(1)), at: .zero)
        #expect(second == [.finish(job(0), .crashed), .start(worker(2))])
    }

    @Test("a crash past the job's deadline is not tried again")
    func lateCrash() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        #expect(machine.handle(.workerEnded(worker(0)), at: .seconds(10)).first == .finish(job(0), .crashed))
    }

    @Test("a job past the execution limit costs its worker, which is replaced at once")
    func executionLimit() {
        var machine = machine { $0.executionLimit = .seconds(5) }
        _ = machine.handle(submitted(0), at: .zero)
        #expect(machine.nextAlarm == .seconds(5))
        let actions = machine.handle(.alarm, at: .seconds(5))
        #expect(actions == [.finish(job(0), .deadlineExceeded), .kill(worker(0)), .start(worker(1))])
        #expect(machine.handle(.workerEnded(worker(0)), at: .seconds(5)) == [])
    }

    @Test("a waiting job ends at its deadline, and its alarm was set")
    func waitingDeadline() {
        var machine = machine { $0.executionLimit = .seconds(60) }
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        #expect(machine.nextAlarm == .seconds(10))
        #expect(machine.handle(.alarm, at: .seconds(10)) == [.finish(job(1), .deadlineExceeded)])
    }

    @Test("an abandoned job in the queue leaves it; a running one ends unheard")
    func abandoned() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        #expect(machine.handle(.abandoned(job(1)), at: .zero) == [.finish(job(1), .cancelled)])
        #expect(machine.handle(.abandoned(job(0)), at: .zero) == [.finish(job(0), .cancelled)])
        #expect(machine.handle(.abandoned(job(0)), at: .zero) == [])
        #expect(machine.handle(replied(0), at: .zero) == [])
        #expect(machine.tickets.isEmpty)
    }

    @Test("an abandoned job is not tried again")
    func abandonedCrash() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(.abandoned(job(0)), at: .zero)
        #expect(machine.handle(.workerEnded(worker(0)), at: .zero) == [.start(worker(1))])
    }

    @Test("an old worker serves until its replacement is ready, even under load")
    func replacement() {
        var machine = machine { $0.jobsPerWorker = 1 }
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        let worn = machine.handle(replied(0), at: .zero)
        #expect(worn == [.finish(job(0), .replied), .assign(job(1), worker(0)), .start(worker(1))])
        _ = machine.handle(submitted(2), at: .zero)
        _ = machine.handle(submitted(3), at: .zero)
        #expect(machine.handle(.workerReady(worker(1)), at: .zero) == [.assign(job(2), worker(1))])
        // The old one is done although a job waits.
        #expect(machine.handle(replied(0), at: .zero) == [.finish(job(1), .replied), .retire(worker(0))])
        #expect(machine.handle(.workerEnded(worker(0)), at: .zero) == [])
    }

    @Test("a large worker is replaced only after it has earned its start, a huge one at once")
    func size() {
        let limit = 100
        var machine = machine {
            $0.residentMax = limit
            $0.jobsBeforeRecyclingMin = 3
        }
        for number in 0..<3 {
            _ = machine.handle(submitted(UInt64(number)), at: .zero)
            let actions = machine.handle(replied(0, residentBytes: 150), at: .zero)
            #expect(actions.contains(.start(worker(1))) == (number == 2))
        }
        var other = self.machine { $0.residentMax = limit }
        _ = other.handle(submitted(0), at: .zero)
        #expect(other.handle(replied(0, residentBytes: 201), at: .zero).contains(.start(worker(1))))
    }

    @Test("a retired worker that stays is killed")
    func stubborn() {
        var machine = machine { $0.jobsPerWorker = 1 }
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(replied(0), at: .zero)
        #expect(machine.handle(.workerReady(worker(1)), at: .zero) == [.retire(worker(0))])
        #expect(machine.handle(.alarm, at: .seconds(2)) == [.kill(worker(0))])
    }

    @Test("starts that fail come more and more slowly, up to a bound, one at a time")
    func backoff() {
        var machine = PoolMachine(settings: .init(workers: 2))
        _ = machine.handle(.started, at: .zero)
        _ = machine.handle(.workerEnded(worker(0)), at: .zero)
        #expect(machine.handle(.workerEnded(worker(1)), at: .zero) == [])
        var now = Duration.zero
        var gaps: [Duration] = []
        for number in 2..<14 {
            guard let alarm = machine.nextAlarm else {
                Issue.record("nothing is planned")
                return
            }
            gaps.append(alarm - now)
            now = alarm
            #expect(machine.handle(.alarm, at: now) == [.start(worker(UInt64(number)))])
            _ = machine.handle(.workerEnded(worker(UInt64(number))), at: now)
        }
        #expect(gaps.first == .milliseconds(200))
        #expect(gaps.last == .seconds(10))
        #expect(gaps == gaps.sorted())
    }

    @Test("jobs that crash workers do not slow the starts down")
    func noBackoffForJobs() {
        var machine = machine { $0.retriesMax = 0 }
        for number in 0..<50 {
            _ = machine.handle(submitted(UInt64(number)), at: .zero)
            let actions = machine.handle(.workerEnded(worker(UInt64(number))), at: .zero)
            #expect(actions.last == .start(worker(UInt64(number) + 1)))
            _ = machine.handle(.workerReady(worker(UInt64(number) + 1)), at: .zero)
        }
    }

    @Test("draining finishes what is there, refuses what comes, then stops once")
    func draining() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        #expect(machine.handle(.draining(.seconds(5)), at: .zero) == [])
        #expect(machine.handle(submitted(2), at: .zero) == [.finish(job(2), .shuttingDown)])
        #expect(machine.handle(replied(0), at: .zero) == [.finish(job(0), .replied), .assign(job(1), worker(0))])
        #expect(machine.handle(replied(0), at: .zero) == [.finish(job(1), .replied), .retire(worker(0))])
        #expect(machine.handle(.workerEnded(worker(0)), at: .zero) == [.stop])
        #expect(machine.handle(.alarm, at: .seconds(9)) == [])
        #expect(machine.nextAlarm == nil)
    }

    @Test("the end of draining ends everything")
    func drainLimit() {
        var machine = machine()
        _ = machine.handle(submitted(0), at: .zero)
        _ = machine.handle(submitted(1), at: .zero)
        _ = machine.handle(.draining(.seconds(5)), at: .zero)
        #expect(machine.nextAlarm == .seconds(5))
        let actions = machine.handle(.alarm, at: .seconds(5))
        #expect(
            actions == [.finish(job(1), .shuttingDown), .finish(job(0), .shuttingDown), .kill(worker(0))]
        )
        #expect(machine.nextAlarm == nil)
        #expect(machine.handle(.workerEnded(worker(0)), at: .seconds(5)) == [.stop])
    }
}
