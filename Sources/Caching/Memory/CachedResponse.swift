package import HTTPSemantics
package import NIOCore
import Synchronization

/// One complete stored response; immutable but for marks that concurrent readers may set.
///
/// A renewed response (after a 304) is a new object that shares the body.
package final class CachedResponse: Sendable {
    /// How the bytes came to this node.
    package enum Maker: String, Sendable, CaseIterable {
        case fetched
        /// Rendered in this process.
        case rendered
        /// Rendered here from a larger cached rendition.
        case derived
    }

    package let key: EntryKey
    /// The whole key text; `key` is its hash.
    package let name: String
    /// Status and fields as the origin gave them, without what is for one connection only, and what may be done.
    package let stored: StoredResponse
    package let body: ByteBuffer
    package let subject: PurgeSubject
    /// What it took to make or fetch the response, in milliseconds; never negative.
    package let costMilliseconds: Float
    package let maker: Maker
    /// Bytes that the tiers count for it.
    package let size: Int

    /// The purge sequence up to which the response is known to be live.
    private let checkedSequence: Atomic<UInt64>
    private let evicted = Atomic<Bool>(false)

    /// Bookkeeping that each entry is charged besides its own bytes.
    package static let overheadBytes = 1_024

    package init(
        key: EntryKey,
        name: String,
        stored: StoredResponse,
        body: ByteBuffer,
        subject: PurgeSubject,
        costMilliseconds: Float,
        maker: Maker
    ) {
        self.key = key
        self.name = name
        self.stored = stored
        self.body = body
        self.subject = subject
        // A clock that was set back in between must not make it a negative one.
        self.costMilliseconds = costMilliseconds.isFinite ? max(0, costMilliseconds) : 0
        self.maker = maker
        size = body.readableBytes + name.utf8.count + subject.url.utf8.count + Self.overheadBytes
        checkedSequence = Atomic(subject.bornSequence)
    }

    package var head: StoredHead { stored.head }
    package var policy: ResponsePolicy { stored.policy }

    /// Whether no purge since the last `markLive` can concern it; one comparison.
    package func isKnownLive(at sequence: UInt64) -> Bool {
        checkedSequence.load(ordering: .relaxed) == sequence
    }

    package func markLive(at sequence: UInt64) {
        checkedSequence.store(sequence, ordering: .relaxed)
    }

    /// Whether the memory tier has let go of it; indexes that still point here drop their pointer.
    package var isEvicted: Bool { evicted.load(ordering: .relaxed) }

    func markEvicted() { evicted.store(true, ordering: .relaxed) }
}
