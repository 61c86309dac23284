/// Names what an app's clients get at a time: another publish or the boundary of a schedule makes another state.
package struct AppState: Hashable, Sendable {
    /// The same on every node that has the state; an event's id.
    package let id: String
    /// When the state began: milliseconds since 1970.
    package let sinceMilliseconds: Int64

    package init(id: String, sinceMilliseconds: Int64) {
        self.id = id
        self.sinceMilliseconds = sinceMilliseconds
    }
}
