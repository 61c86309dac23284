/// The pool's first message to a worker.
struct WorkerSetup: Codable, Equatable, Sendable {
    var policy: SandboxPolicy
    /// The pool's process; a worker that has another parent was orphaned before it could say so.
    var parent: Int32
    var resultBytesMax: Int
    /// CPU seconds that one job may use.
    var processorSecondsPerJob: Int
}
