/// What the settings surfaces accept; each limit has a test.
package struct SettingsLimits: Sendable {
    /// Bytes of a request body; more is answered with 413.
    package var bodyBytes = 1 << 20
    /// Members of the attributes object, counted at its top level; more is answered with 400.
    package var attributes = 1_000
    /// All values of a request body, members and elements alike; more is answered with 400.
    package var values = 100_000
    /// Nesting of the request body; deeper is answered with 400.
    package var depth = 64
    /// Subscribers of event streams in all, and of one app; more are answered with 503.
    package var subscribers = 10_000
    package var subscribersPerApp = 5_000
    /// Bytes of features that are sent in an event; clients fetch larger ones.
    package var inlineBytes = 1 << 20
    /// Between two heartbeats of an idle stream.
    package var heartbeat: Duration = .seconds(20)
    /// How long one event stream lasts before the client is asked to connect again.
    package var streamDuration: Duration = .seconds(3_600)
    /// How young the newest state may be for a new subscriber to be told of it at once, in milliseconds.
    package var recentMilliseconds = 10_000
    /// What a client waits before it connects again, in milliseconds.
    package var retryMilliseconds = 3_000

    package init() {}
}
