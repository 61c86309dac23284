import DeliveryTypes

@testable import Rendering

/// Workers, jobs and time as a pool's machine sees them, played from a seed; every broken promise is noted.
struct PoolWorld {
    private enum Fate: CaseIterable {
        case works, works2, works3, works4
        case fails
        case crashes
        case hangs
    }

    private(set) var machine: PoolMachine
    private(set) var broken: [String] = []
    private(set) var finished: [JobID: PoolMachine.Outcome] = [:]
    private(set) var submitted = 0
    private var random: SplitMix
    private var now = Duration.zero
    private var upcoming: [(at: Duration, number: Int, event: PoolMachine.Event)] = []
    private var eventCount = 0
    private var alive: Set<WorkerID> = []
    private var ready: Set<WorkerID> = []
    private var working: [WorkerID: JobID] = [:]
    private var fates: [JobID: Fate] = [:]
    private var assignedOf: [TenantID: UInt64] = [:]
    private var tenants: [JobID: TenantID] = [:]
    private var attempts: [JobID: Int] = [:]
    private(set) var hasStopped = false

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
        var settings = PoolMachine.Settings()
        settings.workers = Int.random(in: 1...4, using: &random)
        settings.queueMax = Int.random(in: 0...12, using: &random)
        settings.jobsPerWorker = Int.random(in: 1...40, using: &random)
        settings.executionLimit = .seconds(5)
        machine = PoolMachine(settings: settings)
    }

    /// Plays some thousand events, then drains and plays to the end.
    mutating func play() {
        send(.started)
        for _ in 0..<2_000 {
            if Int.random(in: 0..<3, using: &random) == 0 { submit() }
            step()
        }
        send(.draining(.milliseconds(Int.random(in: 0...8_000, using: &random))))
        for _ in 0..<500 where !hasStopped {
            if Int.random(in: 0..<5, using: &random) == 0 { submit() }
            step()
        }
        expect(hasStopped, "never stopped")
        let missing = submitted - finished.count
        expect(missing == 0, "\(missing) jobs without an answer")
        expect(alive.isEmpty, "workers are left")
    }

    private mutating func submit() {
        let job = JobID(number: UInt64(submitted))
        submitted += 1
        let tenant = TenantID("\(Int.random(in: 0..<3, using: &random))")
        tenants[job] = tenant
        fates[job] = Fate.allCases.randomElement(using: &random)
        send(.submitted(job, tenant, deadline: now + .milliseconds(Int.random(in: 0...6_000, using: &random))))
        if Int.random(in: 0..<10, using: &random) == 0 { plan(.abandoned(job), within: 3_000) }
    }

    /// The next thing that happens: an event in the world or the machine's alarm.
    private mutating func step() {
        let next = upcoming.indices.min {
            (upcoming[$0].at, upcoming[$0].number) < (upcoming[$1].at, upcoming[$1].number)
        }
        let alarm = machine.nextAlarm
        if let next, alarm.map({ upcoming[next].at <= $0 }) ?? true {
            let (at, _, event) = upcoming.remove(at: next)
            now = max(now, at)
            guard isPossible(event) else { return }
            send(event)
        } else if let alarm {
            expect(alarm >= now || !hasStopped, "an alarm in the past")
            now = max(now, alarm)
            send(.alarm)
        } else {
            now += .milliseconds(10)
        }
    }

    /// The dead neither speak nor die again.
    private mutating func isPossible(_ event: PoolMachine.Event) -> Bool {
        switch event {
        case .workerReady(let worker): return alive.contains(worker) && ready.insert(worker).inserted
        case .replied(let worker, _): return alive.contains(worker) && working.removeValue(forKey: worker) != nil
        case .workerEnded(let worker):
            working[worker] = nil
            ready.remove(worker)
            return alive.remove(worker) != nil
        case .started, .submitted, .abandoned, .draining, .alarm: return true
        }
    }

    private mutating func send(_ event: PoolMachine.Event) {
        for action in machine.handle(event, at: now) { perform(action) }
        expect(machine.queue.count <= machine.settings.queueMax + machine.settings.workers * 2 + 2, "the queue grows")
        expect(machine.workers.count <= machine.settings.workers * 2 + 2, "too many workers")
        if let alarm = machine.nextAlarm { expect(alarm > now || event.isAlarm == false, "an alarm that does nothing") }
    }

    private mutating func perform(_ action: PoolMachine.Action) {
        expect(!hasStopped || action.isFinish, "\(action) after the end")
        switch action {
        case .start(let worker):
            expect(alive.insert(worker).inserted, "\(worker) started twice")
            switch Int.random(in: 0..<20, using: &random) {
            case 0: plan(.workerEnded(worker), within: 500)
            case 1: break
            default: plan(.workerReady(worker), within: 300)
            }
        case .assign(let job, let worker): assign(job, worker)
        case .retire(let worker):
            expect(working[worker] == nil, "\(worker) retired at work")
            if Int.random(in: 0..<10, using: &random) > 0 { plan(.workerEnded(worker), within: 50) }
        case .kill(let worker): plan(.workerEnded(worker), within: 20)
        case .finish(let job, let outcome):
            expect(finished.updateValue(outcome, forKey: job) == nil, "\(job) finished twice")
        case .stop: hasStopped = true
        }
    }

    private mutating func assign(_ job: JobID, _ worker: WorkerID) {
        expect(ready.contains(worker), "\(worker) gets a job before it is ready")
        expect(working.updateValue(job, forKey: worker) == nil, "\(worker) gets two jobs")
        expect(finished[job] == nil, "\(job) runs after its end")
        attempts[job, default: 0] += 1
        expect(attempts[job, default: 0] <= 2, "\(job) runs more than twice")
        if attempts[job] == 1, let tenant = tenants[job] {
            expect(assignedOf[tenant].map { $0 < job.number } ?? true, "\(tenant)'s jobs out of order")
            assignedOf[tenant] = job.number
        }
        let reply = PoolMachine.Reply(residentBytes: 0, isFault: fates[job] == .fails)
        switch fates[job] {
        case .crashes: plan(.workerEnded(worker), within: 100)
        case .hangs, nil: break
        default: plan(.replied(worker, reply), within: 400)
        }
    }

    private mutating func plan(_ event: PoolMachine.Event, within milliseconds: Int) {
        eventCount += 1
        upcoming.append((now + .milliseconds(Int.random(in: 1...milliseconds, using: &random)), eventCount, event))
    }

    private mutating func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds { broken.append("at \(now): \(sentence())") }
    }
}

extension PoolMachine.Action {
    fileprivate var isFinish: Bool { if case .finish = self { true } else { false } }
}

extension PoolMachine.Event {
    fileprivate var isAlarm: Bool { if case .alarm = self { true } else { false } }
}
