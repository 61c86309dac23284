/// What became of one event of a body.
package struct EventVerdict: Equatable, Sendable {
    /// Its place among the body's events, from 0; lines without an event do not count.
    package let index: Int
    /// The event's `id`; `nil` if it has none, or none that can be shown.
    package let id: String?
    /// `nil` for an event that was accepted.
    package let fault: EventFault?
}
