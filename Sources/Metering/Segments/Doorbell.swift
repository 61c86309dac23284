/// What one task waits for and any number of others ring: rings that nobody has heard yet are one.
struct Doorbell: Sendable {
    private let rings: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    init() {
        (rings, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { ringer.yield() }

    /// Waits for a ring; `false` when the task is cancelled, which ends the bell.
    func wait() async -> Bool {
        for await _ in rings { return true }
        return false
    }
}
