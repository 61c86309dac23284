import NIOCore

/// One subscriber's place in the hub.
final class EventSubscription: Sendable {
    /// The next bytes to send; `nil` at the end.
    func next() async -> ByteBuffer? { nil }
}
