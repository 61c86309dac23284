import NIOCore

/// What the connections of one event loop share; used on that loop only.
final class ServerLoop {
    let eventLoop: any EventLoop
    let limits: ServerLimits
    let handler: any RequestHandler
    let shortcut: (any RequestShortcut)?
    let counters: LoopCounters
    let ledger: ConnectionLedger
    let scannerLimits: HeadScanner.Limits
    let readAllocator = FixedSizeRecvByteBufferAllocator(capacity: 4_096)
    let bodyAllocator = FixedSizeRecvByteBufferAllocator(capacity: 65_536)
    /// Milliseconds since 1970, read once for each batch of events.
    private(set) var wallMilliseconds: Int64
    private(set) var isDraining = false
    private let readClock: @Sendable () -> Int64
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var dateSeconds: Int64 = -1
    private var dateText = ""

    init(
        eventLoop: any EventLoop,
        configuration: ServerConfiguration,
        handler: any RequestHandler,
        shortcut: (any RequestShortcut)?,
        counters: LoopCounters,
        ledger: ConnectionLedger
    ) {
        self.eventLoop = eventLoop
        limits = configuration.limits
        self.handler = handler
        self.shortcut = shortcut
        self.counters = counters
        self.ledger = ledger
        scannerLimits = HeadScanner.Limits(
            headBytes: configuration.limits.headBytes,
            startLineBytes: configuration.limits.targetBytes,
            fields: configuration.limits.fields
        )
        readClock = configuration.wallMilliseconds
        wallMilliseconds = readClock()
    }

    @inline(__always)
    func readTime() { wallMilliseconds = readClock() }

    /// The Date field's value, made once a second.
    var date: String {
        let seconds = wallMilliseconds / 1_000
        if seconds != dateSeconds {
            dateSeconds = seconds
            dateText = DateText.text(seconds: seconds)
        }
        return dateText
    }

    func add(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
        counters.open.add(1)
    }

    func remove(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
        counters.open.add(-1)
    }

    /// Lets what is under way end, and closes what is idle.
    func drain() {
        isDraining = true
        for connection in connections.values { connection.drain() }
    }

    /// Closes everything now.
    func closeAll() {
        for connection in connections.values { connection.cut() }
    }
}
