/// What event streams tell of: the states of apps.
package protocol EventSource: Sendable {
    /// The app's state at `now` (milliseconds since 1970); `nil` when there is no such app (any more).
    func state(of app: String, now: Int64) -> AppState?

    /// The event that tells of this state.
    func event(of app: String, _ flavour: EventFlavour, now: Int64) -> ServerSentEvent?
}
