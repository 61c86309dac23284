/// Wakes one task; calls while nobody waits count as one.
struct WakeSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func wake() { continuation.yield() }

    /// Ends all waiting for good.
    func finish() { continuation.finish() }

    /// Comes once for each wake-up (several may become one); for one task.
    ///
    /// Ends with `finish()` or when the task is cancelled.
    var wakeUps: AsyncStream<Void> { stream }
}
