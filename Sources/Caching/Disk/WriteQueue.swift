/// What waits to be written, in order, and what it will make of each key: a state machine without clock or I/O.
///
/// The last order for a key hides what the index has for it. Orders stay known until they are settled, so a record can
/// be read from memory while it is written. Tombstones are never given up: a failure puts them back.
struct WriteQueue: Sendable {
    struct Order: Sendable {
        enum Action: Sendable {
            case store(DiskRecord)
            case remove(EntryKey)
            /// Everything before it shall be durable; then the waiter of that number is told.
            case flush(waiter: UInt64)
        }

        var ticket: UInt64
        var action: Action
        var bytes: Int
    }

    enum Pending: Sendable {
        case record(DiskRecord)
        case removed
    }

    let recordsMax: Int
    let bytesMax: Int
    let removalsMax: Int

    /// Of records that wait or are being written.
    private(set) var records = 0
    private(set) var bytes = 0
    private(set) var removals = 0
    private var orders: [Order] = []
    private var latest: [EntryKey: (ticket: UInt64, pending: Pending)] = [:]
    private var lastTicket: UInt64 = 0

    init(recordsMax: Int, bytesMax: Int, removalsMax: Int) {
        self.recordsMax = recordsMax
        self.bytesMax = bytesMax
        self.removalsMax = removalsMax
    }

    var isEmpty: Bool { orders.isEmpty }
    /// Records and tombstones.
    var count: Int { records + removals }

    func pending(_ key: EntryKey) -> Pending? { latest[key]?.pending }

    /// Takes a record of so many bytes; `false` if there is no room for it.
    mutating func store(_ record: DiskRecord, bytes size: Int) -> Bool {
        guard records < recordsMax, bytes + size <= bytesMax || records == 0 else { return false }
        records += 1
        bytes += size
        append(.store(record), bytes: size)
        latest[record.key] = (lastTicket, .record(record))
        return true
    }

    /// Takes a tombstone; `false` if there are too many, and it will never be written.
    mutating func remove(_ key: EntryKey) -> Bool {
        guard removals < removalsMax else {
            // What is on its way to the disk must not be found when it arrives.
            if let ticket = latest[key]?.ticket { latest[key] = (ticket, .removed) }
            return false
        }
        removals += 1
        append(.remove(key), bytes: RecordHead.bytes)
        latest[key] = (lastTicket, .removed)
        return true
    }

    mutating func flush(waiter: UInt64) {
        append(.flush(waiter: waiter), bytes: 0)
    }

    /// Everything that waits, in order.
    mutating func take() -> [Order] {
        let taken = orders
        orders = []
        return taken
    }

    /// Only the waiters; the rest goes on waiting.
    mutating func takeWaiters() -> [UInt64] {
        let waiters = orders.compactMap { order in
            if case .flush(let waiter) = order.action { waiter } else { nil }
        }
        orders.removeAll { if case .flush = $0.action { true } else { false } }
        return waiters
    }

    /// A record was written or given up.
    ///
    /// - Returns: whether its key was removed since, and whether nothing else waits for the key.
    mutating func settle(_ record: DiskRecord, _ order: Order) -> (isRemoved: Bool, isLast: Bool) {
        records -= 1
        bytes -= order.bytes
        guard let last = latest[record.key] else { return (false, true) }
        if last.ticket == order.ticket { latest[record.key] = nil }
        if case .removed = last.pending { return (true, last.ticket == order.ticket) }
        return (false, last.ticket == order.ticket)
    }

    /// A tombstone was written.
    mutating func settle(_ key: EntryKey, _ order: Order) {
        removals -= 1
        if latest[key]?.ticket == order.ticket { latest[key] = nil }
    }

    /// Puts back tombstones that could not be written, before everything else.
    mutating func putBack(_ tombstones: [Order]) {
        orders.insert(contentsOf: tombstones, at: 0)
    }

    private mutating func append(_ action: Order.Action, bytes: Int) {
        lastTicket += 1
        orders.append(Order(ticket: lastTicket, action: action, bytes: bytes))
    }
}
