import NIOCore

/// What one subscriber still has to be sent; no clock, no lock.
///
/// It holds one event at most: every event tells the newest state, so a newer one replaces one that was not taken.
struct EventQueue: Sendable {
    private var greeting: ByteBuffer?
    private var event: ByteBuffer?
    private var hasHeartbeat = false
    /// Whether something was taken since the last beat.
    private var wasBusy = true
    private(set) var isClosed = false
    /// Events that gave way to newer ones.
    private(set) var replaced = 0

    init(greeting: ByteBuffer, event: ByteBuffer?) {
        self.greeting = greeting
        self.event = event
    }

    /// Whether a reader has a reason to look.
    var hasSomething: Bool { isClosed || greeting != nil || event != nil || hasHeartbeat }

    /// A newer event.
    mutating func put(_ bytes: ByteBuffer) {
        if event != nil { replaced += 1 }
        event = bytes
    }

    /// One heartbeat's time has passed.
    mutating func beat() {
        if !wasBusy, event == nil, greeting == nil { hasHeartbeat = true }
        wasBusy = false
    }

    /// Nothing comes any more, after what is here.
    mutating func close() { isClosed = true }

    /// What is to be sent next; `nil` when there is nothing now.
    mutating func take() -> ByteBuffer? {
        wasBusy = wasBusy || greeting != nil || event != nil
        defer { hasHeartbeat = false }
        if var greeting {
            self.greeting = nil
            guard var event else { return greeting }
            self.event = nil
            greeting.writeBuffer(&event)
            return greeting
        }
        if let event {
            self.event = nil
            return event
        }
        return hasHeartbeat ? ServerSentEvent.heartbeat : nil
    }
}
