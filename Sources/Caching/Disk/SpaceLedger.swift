import Synchronization

/// How many bytes all segment files take: those in use, and those that are removed but still open somewhere.
final class SpaceLedger: Sendable {
    private let bytes = Mutex(0)

    var usedBytes: Int { bytes.withLock { $0 } }

    func charge(_ count: Int) { bytes.withLock { $0 += count } }
}
