import NIOCore

/// When things happened on a connection, for its one timer to judge.
///
/// Nothing here is touched by another request than by storing a number.
struct ConnectionTimes {
    /// The one timer, and when it comes; it is moved only if something has to happen earlier.
    var timer: Scheduled<Void>?
    var timerDeadline = NIODeadline.distantFuture
    private(set) var lastActivity = NIODeadline.uptimeNanoseconds(0)
    private(set) var headStart = NIODeadline.uptimeNanoseconds(0)
    private(set) var windowStart = NIODeadline.uptimeNanoseconds(0)
    /// Body bytes received since `windowStart`.
    private(set) var windowReceived = 0
    /// Bytes that the client had taken at `windowStart`.
    private(set) var windowTaken: Int64 = 0
    var halfCloseStart = NIODeadline.uptimeNanoseconds(0)
    var lingerStart = NIODeadline.uptimeNanoseconds(0)
    /// What came after the last response.
    var discardedBytes: Int64 = 0
    private var hasHead = false

    mutating func begin(at now: NIODeadline) {
        lastActivity = now
        windowStart = now
    }

    /// Some bytes have come.
    @inline(__always)
    mutating func note(_ count: Int, at now: NIODeadline) {
        lastActivity = now
        windowReceived &+= count
    }

    /// A head is not complete: its time runs from its first byte.
    mutating func noteHead() {
        guard !hasHead else { return }
        hasHead = true
        headStart = lastActivity
    }

    /// A head was complete.
    @inline(__always)
    mutating func noteHeadEnd() { hasHead = false }

    /// An exchange has ended: idle time begins.
    mutating func noteIdle(at now: NIODeadline) { lastActivity = now }

    /// From here progress is measured.
    mutating func beginWindow(at now: NIODeadline, taken: Int64) {
        windowStart = now
        windowReceived = 0
        windowTaken = taken
    }
}
