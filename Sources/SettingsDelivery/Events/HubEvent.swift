package import NIOCore

/// The newest event of one app for one flavour, as a hub's owner describes it.
package struct HubEvent: Sendable {
    /// Names the app's state: the same on every node that has it.
    package var id: String
    /// The event as it is sent.
    package var bytes: ByteBuffer
    /// When the state began: milliseconds since 1970.
    package var sinceMilliseconds: Int64

    package init(_ event: ServerSentEvent, sinceMilliseconds: Int64) {
        id = event.id
        bytes = event.bytes
        self.sinceMilliseconds = sinceMilliseconds
    }
}
