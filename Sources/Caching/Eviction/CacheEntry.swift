/// What a policy knows about one entry; 32 bytes, kept in an `EntryTable` and linked into at most one `EntryQueue`.
struct CacheEntry: Sendable {
    var id: UInt64
    /// Bytes.
    var size: Int
    /// Base-2 logarithm of milliseconds per byte, for policies that weigh.
    var value: Float = 0
    /// Neighbour towards the front; the back's place at the front.
    var newer: Int32 = EntryTable.none
    /// Neighbour towards the back; the front's place at the back.
    var older: Int32 = EntryTable.none
    /// Hits, or lives, as far as the policy counts them.
    var visits: UInt8 = 0
    /// What a hit adds to `visits`.
    var gain: UInt8 = 1
    /// Which of the policy's queues it is in, by the policy's own numbering.
    var queue: UInt8 = 0
    /// Whether the policy waits to see if it is used again.
    var isWatched = false
}
