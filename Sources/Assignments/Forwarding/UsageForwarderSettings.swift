/// How a `UsageForwarder` works.
package struct UsageForwarderSettings: Sendable {
    /// Bytes of the log that are read at a time.
    package var pageBytes = 1 << 20
    /// Events that are sent at a time.
    package var batchMax = 1_000
    /// How often the log is looked at when there was nothing new.
    package var interval = Duration.milliseconds(500)
    /// How long to wait after a failure; doubled each time.
    package var pause = Duration.milliseconds(500)
    package var pauseMax = Duration.seconds(30)
    /// How long the last events may take when the node stops; the rest is sent after the next start.
    package var farewell = Duration.seconds(5)

    package init() {}
}
