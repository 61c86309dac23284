/// What a policy knows about one entry; 40 bytes, kept in an `EntryTable` and linked into at most one `EntryQueue`.
struct CacheEntry: Sendable {
    var id: UInt64
    /// Bytes.
    var size: Int
    /// Milliseconds.
    var cost: Float
    /// Neighbour towards the front; `EntryTable.none` at the front.
    var newer: Int32 = EntryTable.none
    /// Neighbour towards the back; `EntryTable.none` at the back.
    var older: Int32 = EntryTable.none
    /// Hits as far as the policy counts them.
    var visits: UInt8 = 0
    /// Which of the policy's queues it is in, by the policy's own numbering.
    var queue: UInt8 = 0
    /// Whether to evict it before others.
    var isDemoted = false
}
