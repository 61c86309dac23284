import Synchronization

/// A tally that one event loop counts in, or all other threads together, and that is taken from elsewhere.
///
/// The lock is contended for a moment in each window only.
final class DeliveryTable: Sendable {
    private let tally: Mutex<DeliveryTally>
    /// Called when the table is full, with no lock held; must not block.
    private let onFull: @Sendable () -> Void

    init(rowsMax: Int, onFull: @escaping @Sendable () -> Void) {
        tally = Mutex(DeliveryTally(rowsMax: rowsMax))
        self.onFull = onFull
    }

    @inline(__always)
    func count(_ content: DeliveredContent, status: Int, bytes: Int, isRelayed: Bool, at milliseconds: Int64) {
        let isFull = tally.withLock {
            $0.count(content, status: status, bytes: bytes, isRelayed: isRelayed, at: milliseconds)
        }
        if isFull { onFull() }
    }

    func take() -> [DeliveryTally.Key: DeliveryTally.Sum] { tally.withLock { $0.take() } }

    /// Requests counted, those without a name of their own, and rows that wait.
    var figures: (requests: Int, unnamed: Int, rows: Int) {
        tally.withLock { ($0.requests, $0.unnamed, $0.rows.count + $0.full.count) }
    }
}
