import Synchronization

/// The bytes of bodies that may be in memory at once.
final class BodyBudget: Sendable {
    private let most: Int
    private let taken = Mutex(0)

    init(bytes: Int) { most = bytes }

    /// Whether there was room.
    func take(_ bytes: Int) -> Bool {
        taken.withLock { taken in
            guard taken + bytes <= most else { return false }
            taken += bytes
            return true
        }
    }

    func give(back bytes: Int) { taken.withLock { $0 -= bytes } }

    /// Bytes that are taken now.
    var bytes: Int { taken.withLock { $0 } }
}
