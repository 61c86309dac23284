import FoundationEssentials
import Glibc
import Logging

/// The pool's one thread for I/O: performs the machine's actions on real processes and reports what happens to them.
///
/// It never waits except in `poll`, for all workers at once. It starts all workers, so they die if it should end.
struct PoolDriver {
    let pool: RenderPool
    /// Workers that the machine knows.
    var workers: [WorkerID: WorkerProcess] = [:]
    /// Processes that the machine has given up but the kernel has not.
    var leaving: [WorkerProcess] = []
    private var isStopping = false
    var scratch = [UInt8](repeating: 0, count: 64 << 10)

    /// Where the kernel cannot tell that a process has ended, it is asked so often.
    private static let reapingPeriod: Duration = .milliseconds(20)

    init(pool: RenderPool) { self.pool = pool }

    /// Returns when the pool has stopped and every process is gone.
    mutating func run() {
        while true {
            var (actions, alarm) = pool.takePending()
            while !actions.isEmpty {
                for action in actions { perform(action) }
                (actions, alarm) = pool.takePending()
            }
            if isStopping, workers.isEmpty, leaving.isEmpty { return pool.noteEnd() }
            wait(until: alarm)
            reap()
            if let alarm, alarm <= pool.time { pool.handle(.alarm) }
        }
    }

    // MARK: Actions

    private mutating func perform(_ action: PoolMachine.Action) {
        switch action {
        case .start(let id): start(id)
        case .assign(let job, let id): assign(job, to: id)
        case .retire(let id):
            workers[id]?.isExpectedToEnd = true
            workers[id]?.close()
        case .kill(let id):
            workers[id]?.isExpectedToEnd = true
            workers[id]?.process.terminate()
        case .stop: isStopping = true
        case .finish: break
        }
    }

    private mutating func start(_ id: WorkerID) {
        do {
            let worker = try WorkerProcess(id: id, configuration: pool.configuration)
            workers[id] = worker
            pool.noteProcess(worker.process.id, of: id)
            let limit = pool.configuration.executionLimit
            let setup = WorkerSetup(
                policy: pool.configuration.sandbox,
                parent: getpid(),
                resultBytesMax: pool.configuration.resultBytesMax,
                processorSecondsPerJob: Int(limit.components.seconds) * 2 + 2
            )
            let header = try JSONEncoder().encode(setup)
            try worker.send(FramePrefix(kind: .setup, headerCount: header.count, bodyCount: 0).bytes + header)
        } catch {
            lose(id, reason: "could not be started (\(error))")
        }
    }

    private mutating func assign(_ job: JobID, to id: WorkerID) {
        guard let worker = workers[id], let order = pool.order(for: job) else { return lose(id, reason: "is missing") }
        worker.job = job
        do { try worker.send(order.frame, attaching: order.sources) } catch {
            lose(id, reason: "does not take jobs (\(error))")
        }
    }

    // MARK: Waiting

    private mutating func wait(until alarm: Duration?) {
        var interests = [Readiness.Interest(descriptor: pool.wake.descriptor.number)]
        var reactions: [(WorkerProcess, (inout PoolDriver, WorkerProcess) -> Void)] = []
        var isBlind = false
        for worker in Array(workers.values) + leaving {
            if let channel = worker.channel, workers[worker.id] != nil {
                interests.append(.init(descriptor: channel.descriptor.number, isWriting: worker.isSending))
                reactions.append((worker, { driver, worker in driver.exchange(worker) }))
            }
            if let errors = worker.standardError {
                interests.append(.init(descriptor: errors.number))
                reactions.append((worker, { driver, worker in driver.log(worker) }))
            }
            // While the channel is open its end says more: what arrived before must be read first.
            guard worker.channel == nil || workers[worker.id] == nil else { continue }
            if let end = worker.process.endDescriptor {
                interests.append(.init(descriptor: end.number))
                reactions.append((worker, { _, _ in }))
            } else {
                isBlind = true
            }
        }
        var timeout = alarm.map { max(.zero, $0 - pool.time) }
        if isBlind { timeout = min(timeout ?? Self.reapingPeriod, Self.reapingPeriod) }
        for index in Readiness.wait(for: interests, timeout: timeout) {
            if index == 0 {
                pool.wake.clear()
            } else {
                let (worker, reaction) = reactions[index - 1]
                reaction(&self, worker)
            }
        }
    }
}
