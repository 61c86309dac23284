import Synchronization

/// What one task waits for and any number of others ring: rings that nobody has heard yet are one.
final class Bell: Sendable {
    private let rings: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation
    private let muted = Atomic(false)

    init() {
        (rings, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { ringer.yield() }

    /// Ends all waiting, now and later.
    func mute() {
        muted.store(true, ordering: .releasing)
        ringer.finish()
    }

    var isMuted: Bool { muted.load(ordering: .acquiring) }

    /// Waits for a ring; `false` when muted or cancelled.
    ///
    /// One task at a time waits.
    func wait() async -> Bool {
        for await _ in rings { return !isMuted }
        return false
    }
}
