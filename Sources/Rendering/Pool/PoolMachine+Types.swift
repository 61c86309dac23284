import DeliveryTypes

extension PoolMachine {
    struct Settings: Sendable {
        var workers = 2
        /// Jobs that may wait; a retried job does not count.
        var queueMax = 64
        /// How long one job may keep a worker.
        var executionLimit: Duration = .seconds(30)
        /// How long a worker may take until it is ready.
        var startLimit: Duration = .seconds(30)
        /// How long a retired worker may take to leave.
        var retireGrace: Duration = .seconds(2)
        /// After so many jobs a worker is replaced.
        var jobsPerWorker = 2_000
        /// A worker that keeps more memory than this after a job is replaced.
        var residentMax = 128 << 20
        /// Below so many jobs, twice `residentMax` counts.
        var jobsBeforeRecyclingMin = 16
        /// How often a job is tried again when its worker failed.
        var retriesMax = 1
        /// Wait before the next start after workers failed by themselves; doubles.
        var backoffFirst: Duration = .milliseconds(100)
        var backoffMax: Duration = .seconds(10)
    }

    enum Event: Sendable {
        case started
        /// `deadline` bounds the waiting only.
        case submitted(JobID, TenantID, deadline: Moment)
        /// Nobody waits for the job any more.
        case abandoned(JobID)
        case workerReady(WorkerID)
        case replied(WorkerID, Reply)
        /// The process is gone, or sent something that it must not send (and is being killed).
        case workerEnded(WorkerID)
        /// No new jobs; what waits or runs may end within this time.
        case draining(Duration)
        case alarm
    }

    struct Reply: Sendable {
        var residentBytes: Int
        /// The worker says that the fault is its own.
        var isFault: Bool
    }

    enum Action: Equatable, Sendable {
        case start(WorkerID)
        case assign(JobID, WorkerID)
        /// Tell the worker that there is no more work; it leaves by itself.
        case retire(WorkerID)
        case kill(WorkerID)
        /// Exactly once for each submitted job.
        case finish(JobID, Outcome)
        /// Everything has ended.
        case stop
    }

    enum Outcome: Equatable, Sendable {
        /// With what the worker's reply says, good or bad.
        case replied
        case crashed
        case deadlineExceeded
        case overloaded(retryAfter: Duration)
        case shuttingDown
        case cancelled
    }

    struct Ticket: Sendable {
        let tenant: TenantID
        let submitted: Moment
        let deadline: Moment
        /// How often it was given to a worker.
        var attempts = 0
        var isAbandoned = false
    }

    struct Worker: Sendable {
        var phase: Phase
        var jobs = 0
        /// After the last job.
        var residentBytes = 0
        /// To be replaced; serves on until its replacement is ready.
        var isWorn = false
    }

    enum Phase: Equatable, Sendable {
        case starting(until: Moment)
        case idle
        case busy(JobID, since: Moment, until: Moment)
        case retiring(until: Moment)
        /// Killed, not yet gone.
        case ending

        var until: Moment? {
            switch self {
            case .starting(let until), .retiring(let until), .busy(_, _, let until): until
            case .idle, .ending: nil
            }
        }

        var isStarting: Bool { if case .starting = self { true } else { false } }

        var isServing: Bool {
            switch self {
            case .idle, .busy: true
            case .starting, .retiring, .ending: false
            }
        }
    }

    /// Totals since the pool was made.
    struct Counts: Equatable, Sendable {
        var completed = 0
        var rejected = 0
        var expired = 0
        var cancelled = 0
        var retried = 0
        var crashes = 0
        var killed = 0
        var recycled = 0
    }
}
