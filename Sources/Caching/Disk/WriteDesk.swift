import Synchronization

/// Where callers leave what shall be written, and the writer's thread takes it.
final class WriteDesk: Sendable {
    enum Work {
        case write([WriteQueue.Order])
        /// Nothing may be written yet: the waiters are to be told so.
        case refuse([UInt64])
        case close
    }

    enum Refusal {
        case queueFull
        case degraded
        case closed
    }

    private struct State {
        var queue: WriteQueue
        var health: WriteHealth
        var isClosed = false
        /// Whether an accepted record was lost since the last flush.
        var isLossy = false
        var lastWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var closers: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    private let state: Mutex<State>
    private let signal = ThreadSignal()
    private let index: DiskIndex
    private let counters: DiskCounters
    /// Since the tier was opened.
    private let elapsed: @Sendable () -> Duration

    init(
        _ settings: DiskTierSettings,
        index: DiskIndex,
        counters: DiskCounters,
        elapsed: @escaping @Sendable () -> Duration
    ) {
        let queue = WriteQueue(
            recordsMax: settings.queueRecordsMax,
            bytesMax: settings.queueBytesMax,
            removalsMax: settings.queueRemovalsMax
        )
        let health = WriteHealth(delay: settings.retryDelay, delayMax: settings.retryDelayMax)
        state = Mutex(State(queue: queue, health: health))
        self.index = index
        self.counters = counters
        self.elapsed = elapsed
    }

    // MARK: The callers' side

    /// What waits for a key: it hides the index.
    func pending(_ key: EntryKey) -> WriteQueue.Pending? {
        state.withLock { $0.queue.pending(key) }
    }

    /// Takes a record of so many bytes; `nil` if it did.
    func store(_ record: DiskRecord, bytes: Int) -> Refusal? {
        let now = elapsed()
        let refusal: Refusal? = state.withLock { state in
            if state.isClosed { return .closed }
            if !state.health.mayTry(at: now) { return .degraded }
            return state.queue.store(record, bytes: bytes) ? nil : .queueFull
        }
        if refusal == nil { signal.raise() }
        return refusal
    }

    /// Makes the tier forget a key; whether there was anything.
    func remove(_ key: EntryKey) -> Bool {
        let (isKnown, isKept) = state.withLock { state in
            if state.isClosed { return (false, true) }
            let isIndexed = index.remove(key)
            switch state.queue.pending(key) {
            case .record: return (true, state.queue.remove(key))
            case .removed: return (false, true)
            case nil: return (isIndexed, isIndexed ? state.queue.remove(key) : true)
            }
        }
        if !isKept { counters.count { $0.removalsNotKept += 1 } }
        if isKnown { signal.raise() }
        return isKnown
    }

    func flush() async -> Bool {
        await withCheckedContinuation { waiter in
            let isClosed = state.withLock { state in
                if state.isClosed { return true }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = waiter
                state.queue.flush(waiter: state.lastWaiter)
                return false
            }
            if isClosed { waiter.resume(returning: false) } else { signal.raise() }
        }
    }

    /// Takes nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.raise()
    }

    /// Takes nothing more; returns when the writer has ended.
    func closed() async {
        await withCheckedContinuation { closer in
            let hasEnded = state.withLock { state in
                state.isClosed = true
                if !state.hasEnded { state.closers.append(closer) }
                return state.hasEnded
            }
            if hasEnded { closer.resume() } else { signal.raise() }
        }
    }

    func report(into statistics: inout DiskTierStatistics) {
        state.withLock { state in
            statistics.queuedRecords = state.queue.count
            statistics.queuedBytes = state.queue.bytes
            statistics.isDegraded = state.health.isDegraded
            statistics.lastFailure = state.health.lastFailure
        }
    }

    // MARK: The writer's side

    /// Sleeps until there is something to do.
    func next() -> Work {
        while true {
            signal.wait()
            let now = elapsed()
            let work: Work? = state.withLock { state in
                if state.queue.isEmpty { return state.isClosed ? .close : nil }
                if state.isClosed { signal.raise() }
                if state.isClosed || state.health.mayTry(at: now) { return .write(state.queue.take()) }
                let waiters = state.queue.takeWaiters()
                return waiters.isEmpty ? nil : .refuse(waiters)
            }
            if let work { return work }
        }
    }

    /// An order is on the disk; a record's place is `slot`.
    func written(_ order: WriteQueue.Order, at slot: IndexSlot?) {
        state.withLock { state in
            switch order.action {
            case .store(let record):
                let after = state.queue.settle(record, order)
                if !after.isRemoved, let slot { index.insert(slot) }
            case .remove(let key): state.queue.settle(key, order)
            case .flush: break
            }
        }
        if case .store = order.action {
            counters.count {
                $0.storesWritten += 1
                $0.bytesWritten += order.bytes
            }
        }
    }

    func succeeded() {
        state.withLock { $0.health.succeeded() }
    }

    /// None of `orders`, nor what was queued meanwhile, can be written: records are given up, tombstones wait on.
    func failed(_ failure: DiskFailure, orders: [WriteQueue.Order]) {
        let now = elapsed()
        var lost = 0
        var notKept = 0
        let (waiters, isClosed) = state.withLock { state in
            state.health.failed(failure, at: now)
            var tombstones: [WriteQueue.Order] = []
            var waiters: [UInt64] = []
            var outdated: [EntryKey] = []
            for order in orders + state.queue.take() {
                switch order.action {
                case .remove: tombstones.append(order)
                case .flush(let waiter): waiters.append(waiter)
                case .store(let record):
                    lost += 1
                    let after = state.queue.settle(record, order)
                    // An older record must not be found again in the place of the lost one.
                    if after.isLast, !after.isRemoved, index.remove(record.key) { outdated.append(record.key) }
                }
            }
            state.queue.putBack(tombstones)
            for key in outdated where !state.queue.remove(key) { notKept += 1 }
            state.isLossy = state.isLossy || lost > 0
            // Nobody will try again.
            if state.isClosed { _ = state.queue.take() }
            return (waiters, state.isClosed)
        }
        counters.count {
            $0.storesFailed += lost
            $0.removalsNotKept += notKept
        }
        for waiter in waiters { tell(waiter, isDurable: false) }
        if isClosed { signal.raise() }
    }

    /// Ends a flush.
    func tell(_ waiter: UInt64, isDurable: Bool) {
        let (continuation, isLossy) = state.withLock { state in
            let isLossy = state.isLossy
            state.isLossy = false
            return (state.waiters.removeValue(forKey: waiter), isLossy)
        }
        continuation?.resume(returning: isDurable && !isLossy)
    }

    /// The writer has ended.
    func ended() {
        let closers = state.withLock { state in
            state.hasEnded = true
            let closers = state.closers
            state.closers = []
            return closers
        }
        for closer in closers { closer.resume() }
    }
}
