import Glibc

/// What the writer's thread does from the opening of a disk tier to its end.
struct DiskWriter {
    private let parts: DiskParts
    private var log: SegmentLog
    private var isClaimed = false

    init(_ parts: DiskParts) {
        self.parts = parts
        log = SegmentLog(parts)
    }

    /// Takes the folder and finds its records, calls `opened` once, and writes until the desk is closed.
    mutating func run(opened: (DiskTierError?) -> Void) {
        if let objection = open() {
            opened(objection)
            return parts.desk.ended()
        }
        opened(nil)
        while true {
            switch parts.desk.next() {
            case .write(let orders): write(orders)
            case .refuse(let waiters): for waiter in waiters { parts.desk.tell(waiter, isDurable: false) }
            case .close:
                log.seal()
                parts.shelf.removeAll()
                parts.files.release()
                return parts.desk.ended()
            }
        }
    }

    private mutating func open() -> DiskTierError? {
        do throws(DiskFailure) {
            isClaimed = try parts.files.claim()
            if !isClaimed { return .held(folder: parts.settings.folder) }
        } catch {
            // A folder that cannot be written may still be read.
            parts.desk.failed(error, orders: [])
        }
        do throws(DiskFailure) {
            try log.recover(mayWrite: isClaimed)
        } catch {
            parts.desk.failed(error, orders: [])
        }
        return nil
    }

    private mutating func write(_ orders: [WriteQueue.Order]) {
        var rest = orders[...]
        do throws(DiskFailure) {
            try prepare()
            while let order = rest.first {
                if case .flush(let waiter) = order.action {
                    try log.commit()
                    try log.synchronize()
                    // Before the waiter goes on: who was told that all is on the disk must not still see it failing.
                    parts.desk.succeeded()
                    parts.desk.tell(waiter, isDurable: true)
                    rest.removeFirst()
                } else {
                    rest.removeFirst()
                    try log.append(order)
                }
            }
            try log.commit()
            parts.desk.succeeded()
        } catch {
            parts.desk.failed(error, orders: log.takeUnwritten() + rest)
            isClaimed = false
            makeRoomAfter(error)
        }
    }

    /// Takes the folder again after a failure: it may have come back, or be another.
    private mutating func prepare() throws(DiskFailure) {
        if !isClaimed {
            guard try parts.files.claim() else { throw DiskFailure(call: "flock", code: EWOULDBLOCK) }
            isClaimed = true
        }
        if !log.isRecovered { try log.recover(mayWrite: true) }
    }

    /// A full disk is made less full, so that new records have a place at the next try.
    private mutating func makeRoomAfter(_ failure: DiskFailure) {
        guard failure.code == ENOSPC || failure.code == EDQUOT, parts.shelf.count > 1 else { return }
        // Whatever comes of it, the next try will show.
        try? log.evictOldest()
    }
}
