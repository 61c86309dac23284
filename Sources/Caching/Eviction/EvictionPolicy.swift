/// Decides what a cache of a given number of bytes keeps: the order of entries, not the entries themselves.
///
/// Promises: `usedBytes` never exceeds `budget`; every id that leaves on the policy's own decision is reported exactly
/// once in `evicted`; no clock and no randomness but the seed, so that equal calls give equal answers. Costs: `O(1)`
/// amortised for every call, and some 100 bytes of memory for each resident entry, remembered departed ones
/// included. Nothing fails. A policy is a value without locks: whoever shares one between threads guards it.
///
/// Ids are opaque; equal ids are the same entry. The seed keys the hash tables, so a sender of chosen ids cannot make
/// them collide: give every process (or shard) a random one.
package protocol EvictionPolicy: Sendable {
    /// An empty cache.
    ///
    /// - Parameters:
    ///   - budget: Bytes that all resident entries may have together; at least 1.
    ///   - seed: Keys the hash tables.
    init(budget: Int, seed: UInt64)

    /// Bytes that all resident entries may have together.
    var budget: Int { get }
    /// Bytes of all resident entries.
    var usedBytes: Int { get }
    /// Resident entries.
    var count: Int { get }

    func contains(_ id: UInt64) -> Bool

    /// A resident entry was used.
    ///
    /// `false` (and nothing happens) if it is not resident.
    @discardableResult
    mutating func recordHit(_ id: UInt64) -> Bool

    /// An entry was fetched or made, and should become resident.
    ///
    /// Room is made by evicting others, or the entry itself is refused: then its own id is appended to `evicted` like
    /// those of the others, and it is not resident. Larger than the whole budget is always refused. An id that is
    /// resident takes on the new size and cost and keeps its standing; it may be evicted when it does not fit any more.
    ///
    /// - Parameters:
    ///   - id: Names the entry.
    ///   - size: Bytes, at least 1.
    ///   - cost: Milliseconds that it took to make or fetch, finite and not negative; weighed by policies that can.
    ///   - evicted: Gets the ids that are not resident any more appended, in order of leaving.
    mutating func admit(_ id: UInt64, size: Int, cost: Float, evicted: inout [UInt64])

    /// Takes an entry out for a reason of the caller's (purged, failed); it is not reported in `evicted`.
    ///
    /// `false` if it was not resident.
    @discardableResult
    mutating func remove(_ id: UInt64) -> Bool

    /// Hints that an entry is cheap to have again, say because it can be derived from another one.
    ///
    /// It is evicted before all that were not demoted, until its next hit. Ids that are not resident are ignored.
    mutating func demote(_ id: UInt64)
}
