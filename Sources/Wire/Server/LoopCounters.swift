import Synchronization

/// One event loop's counters: written by that loop only, read by anybody, without a lock or a locked instruction.
final class LoopCounters: Sendable {
    /// One counter with one writer.
    struct Counter: ~Copyable, Sendable {
        private let value = Atomic<Int64>(0)

        /// Adds; to be called from one thread only.
        @inline(__always)
        borrowing func add(_ amount: Int64) {
            value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
        }

        borrowing func read() -> Int64 { value.load(ordering: .relaxed) }
    }

    let accepted = Counter()
    let open = Counter()
    let shortcut = Counter()
    let handled = Counter()
    let received = Counter()
    let sent = Counter()
    private let refusals = Mutex<[Refusal: Int64]>([:])
    private let timeouts = Mutex<[TimeoutKind: Int64]>([:])

    /// Refusals are rare and may cost a lock.
    func count(_ refusal: Refusal) { refusals.withLock { $0[refusal, default: 0] += 1 } }

    /// Timeouts are rare and may cost a lock.
    func count(_ timeout: TimeoutKind) { timeouts.withLock { $0[timeout, default: 0] += 1 } }

    /// Adds what this loop has counted.
    func add(to sum: inout ServerStatistics) {
        sum.acceptedConnections += accepted.read()
        sum.openConnections += open.read()
        sum.shortcutRequests += shortcut.read()
        sum.handledRequests += handled.read()
        sum.receivedBytes += received.read()
        sum.sentBytes += sent.read()
        sum.refusals.merge(refusals.withLock { $0 }) { $0 + $1 }
        sum.timeouts.merge(timeouts.withLock { $0 }) { $0 + $1 }
    }
}
