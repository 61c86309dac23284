/// A worker's first message to the pool.
struct WorkerReady: Codable, Equatable, Sendable {
    var sandbox: SandboxReport
    /// Why the worker cannot work; it leaves after this message.
    var failure: String?
}
