/// What came of offering an export to the queue.
package enum EnqueueOutcome: Hashable, Sendable {
    case enqueued(rows: Int, batches: Int)
    /// It was taken before.
    case known
}
