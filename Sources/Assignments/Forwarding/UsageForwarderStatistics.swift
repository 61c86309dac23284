/// What a `UsageForwarder` has done since it was made.
package struct UsageForwarderStatistics: Hashable, Sendable {
    /// Events that the destination has.
    package var forwarded = 0
    /// Events that the destination refused for good.
    package var refused = 0
    /// Lines of the log that were damaged and are left out.
    package var damagedLines = 0
    /// Attempts that failed.
    package var failures = 0
    /// When the oldest event happened that is being sent, milliseconds since 1970; `nil` while all is sent.
    package var oldestMilliseconds: Int64?
    /// Why the last attempt failed; `nil` after one that succeeded.
    package var lastFailure: String?

    package init() {}
}
