package import DeliveryTypes

/// What waits in the queue, and how far the exports are.
package struct Backlog: Hashable, Sendable {
    /// Batches that wait, those that unloaders are at included.
    package var batches: Int
    /// Their rows.
    package var rows: Int
    /// The last export that was taken, 0 for none.
    package var enqueued: Int64
    /// SHA-256 of that export's manifest.
    package var enqueuedDigest: ContentDigest?
    /// All exports up to this number are applied whole, 0 for none.
    package var applied: Int64

    package init(batches: Int, rows: Int, enqueued: Int64, enqueuedDigest: ContentDigest?, applied: Int64) {
        self.batches = batches
        self.rows = rows
        self.enqueued = enqueued
        self.enqueuedDigest = enqueuedDigest
        self.applied = applied
    }
}
