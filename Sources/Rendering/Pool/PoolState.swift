import DeliveryTypes

/// What the tasks that wait for results and the driver's thread share.
struct PoolState: ~Copyable {
    typealias Answer = Result<RenderResult, RenderingError>

    /// One submitted job.
    struct Submission {
        /// The whole message to the worker.
        let frame: [UInt8]
        let sources: [SharedBytes]
        let submitted: Duration
        var assigned: Duration?
        /// `nil` when it was resumed.
        var waiter: CheckedContinuation<Answer, Never>?
    }

    var machine: PoolMachine
    var submissions: [JobID: Submission] = [:]
    /// What the driver has to do, in this order.
    var pending: [PoolMachine.Action] = []
    var processes: [WorkerID: Int32] = [:]
    var cpuMicroseconds = 0
    var sandbox: SandboxReport?
    /// Jobs whose task was cancelled before they were submitted.
    var cancelledEarly: Set<JobID> = []
    var nextJob: UInt64 = 0
    var isDriven = false
    var hasEnded = false
    var endWaiters: [CheckedContinuation<Void, Never>] = []

    init(settings: PoolMachine.Settings) { machine = PoolMachine(settings: settings) }

    /// Feeds the machine; returns who has to be resumed, after the lock is gone, with what.
    ///
    /// The job that ends with `.replied` gets `reply`, which is what its worker said.
    mutating func handle(
        _ event: PoolMachine.Event,
        at now: Duration,
        reply: Answer? = nil
    ) -> [(CheckedContinuation<Answer, Never>, Answer)] {
        var resumptions: [(CheckedContinuation<Answer, Never>, Answer)] = []
        for action in machine.handle(event, at: now) {
            guard case .finish(let job, let outcome) = action else {
                pending.append(action)
                continue
            }
            if let waiter = submissions[job]?.waiter {
                resumptions.append((waiter, Self.answer(outcome, reply: reply)))
                submissions[job]?.waiter = nil
            }
            forgetIfDone(job)
        }
        return resumptions
    }

    /// Lets go of a job's sources when no worker can need them any more.
    mutating func forgetIfDone(_ job: JobID) {
        if machine.tickets[job] == nil { submissions[job] = nil }
    }

    private static func answer(_ outcome: PoolMachine.Outcome, reply: Answer?) -> Answer {
        switch outcome {
        case .replied: reply ?? .failure(.workerCrashed)
        case .crashed: .failure(.workerCrashed)
        case .deadlineExceeded: .failure(.deadlineExceeded)
        case .overloaded(let retryAfter): .failure(.overloaded(retryAfter: retryAfter))
        case .shuttingDown: .failure(.shuttingDown)
        case .cancelled: .failure(.cancelled)
        }
    }
}
