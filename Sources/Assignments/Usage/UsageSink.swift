/// The one seam that usage events leave through, whatever stands behind it.
///
/// **Promises.** When `record` returns, the events survive a loss of power. After an error some of them may be kept;
/// repeating the call with the same events is safe, since equal events have equal ids and whoever counts keeps one.
/// May be called from any number of tasks at once. **Costs** a write to a disk or a round trip: callers on the way of
/// a request go through a queue such as `ExposureRecorder`.
package protocol UsageSink: Sendable {
    /// Keeps events, in order.
    ///
    /// - Throws: `full`, `crowded`, `disk`, `store` or `closed`.
    func record(_ events: [UsageEvent]) async throws(AssignmentsError)
}
