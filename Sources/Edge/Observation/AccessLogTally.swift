/// Adds up an access log's deliveries of pictures by day and status, to be compared with what was counted.
///
/// Takes a log of any length piece by piece; keeps one unfinished line and a few numbers a day. Lines of other loggers
/// are passed over; a line that cannot be read is counted, since it may have been a delivery.
package struct AccessLogTally: Sendable {
    /// What is added up.
    package struct Key: Hashable, Comparable, Sendable {
        /// `2026-11-21`, in UTC.
        package var day: String
        package var status: Int

        package init(day: String, status: Int) {
            self.day = day
            self.status = status
        }

        package static func < (one: Key, other: Key) -> Bool { (one.day, one.status) < (other.day, other.status) }
    }

    /// What was added up.
    package struct Sum: Hashable, Sendable {
        package var requests = 0
        /// Of bodies.
        package var bytes = 0

        package init(requests: Int = 0, bytes: Int = 0) {
            self.requests = requests
            self.bytes = bytes
        }

        package static func += (sum: inout Sum, other: Sum) {
            sum.requests += other.requests
            sum.bytes += other.bytes
        }
    }

    /// Longer than any line the edge writes; a longer one is unreadable.
    package static let lineBytesMax = 64 << 10

    package private(set) var sums: [Key: Sum] = [:]
    /// Lines of the access log, of pictures or not.
    package private(set) var lines = 0
    /// Lines that look like the access log's and cannot be read.
    package private(set) var unreadable = 0
    private var rest: [UInt8] = []
    /// Whether the end of a line that is too long is still to come.
    private var isSkipping = false

    package init() {}

    /// Takes the next piece of a log.
    package mutating func add(_ piece: [UInt8]) {
        var start = 0
        while let feed = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty {
                read(piece[start..<feed])
            } else {
                keep(piece[start..<feed])
                finish()
            }
            isSkipping = false
            start = feed + 1
        }
        if start < piece.count { keep(piece[start...]) }
    }

    /// Ends a log: its last line may have no line feed.
    package mutating func finish() {
        if !rest.isEmpty { read(rest[...]) }
        rest.removeAll(keepingCapacity: true)
        isSkipping = false
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !isSkipping else { return }
        guard rest.count + bytes.count <= Self.lineBytesMax else {
            unreadable += 1
            isSkipping = true
            rest.removeAll()
            return
        }
        rest += bytes
    }

    private mutating func read(_ line: ArraySlice<UInt8>) {
        guard !isSkipping else { return }
        guard line.count <= Self.lineBytesMax else {
            unreadable += 1
            return
        }
        switch AccessLogEntry.read(line.last == UInt8(ascii: "\r") ? line.dropLast() : line) {
        case .foreign: break
        case .unreadable: unreadable += 1
        case .entry(let entry):
            lines += 1
            guard entry.method == "GET" || entry.method == "HEAD", PictureTarget.isDelivery(status: entry.status),
                PictureTarget.isPicture(entry.path.utf8)
            else { return }
            sums[Key(day: entry.day, status: entry.status), default: Sum()] += Sum(requests: 1, bytes: entry.bytes)
        }
    }
}
