package import NIOCore

/// A body's events: the lines of those that are valid, and why the others are not.
package struct EventBatch: Equatable, Sendable {
    /// `accepted` whole lines, each as `docs/formats/usage-event.md` has it.
    package var lines = ByteBuffer()
    package var accepted = 0
    package var refused = 0
    /// Of the events that are refused, or of all if that was asked for; in the body's order.
    package var verdicts: [EventVerdict] = []

    package init() {}
}
