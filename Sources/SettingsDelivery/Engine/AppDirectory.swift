/// The apps that this node serves, and their keys.
///
/// Looking up waits for nobody.
package protocol AppDirectory: Sendable {
    /// Whether apps may come in a moment that this node does not know yet.
    var isStarting: Bool { get }

    /// The app of that name; `nil` where none is loaded.
    func app(named name: String) -> ServedApp?

    /// The app of a key that is good at `now` (milliseconds since 1970).
    func app(key: String, now: Int64) -> KeyedApp?

    /// The app of an event channel, see ``EventChannel``.
    func app(channel: String, now: Int64) -> ServedApp?
}
