/// What a pool has done and is doing, for metrics and people.
package struct RenderPoolStatistics: Equatable, Sendable {
    package struct Worker: Equatable, Sendable {
        package enum State: String, Sendable {
            case starting
            case idle
            case busy
            /// Told to leave, or killed and not gone yet.
            case leaving
        }

        package var id: WorkerID
        /// The operating system's process id; 0 before it is started.
        package var process: Int32
        package var state: State
        package var jobs: Int
        /// Private memory after the last job, bytes.
        package var residentBytes: Int
    }

    package var workers: [Worker] = []
    /// Jobs that wait now.
    package var queued = 0
    /// Jobs that run now.
    package var busy = 0
    // Totals since the start.
    /// Jobs that a worker answered, with a result or with a failure.
    package var completed = 0
    /// Jobs turned away because too many waited.
    package var rejected = 0
    /// Jobs that waited or worked too long.
    package var expired = 0
    package var cancelled = 0
    /// Jobs given to a second worker.
    package var retried = 0
    /// Workers that died by themselves.
    package var crashes = 0
    /// Workers that the pool killed.
    package var killed = 0
    /// Workers replaced because of age or size.
    package var recycled = 0
    /// CPU time that jobs used, microseconds.
    package var cpuMicroseconds = 0
    /// Moving mean of the time that a job keeps a worker.
    package var meanJobTime: Duration = .zero
    /// What the first worker that was ready said; `nil` before.
    package var sandbox: SandboxReport?

    /// Whether a job that came now would find a worker that is up.
    package var isReady: Bool { workers.contains { $0.state == .idle || $0.state == .busy } }
}
