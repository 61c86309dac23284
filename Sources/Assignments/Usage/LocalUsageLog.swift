package import Caching

/// Usage events on this node's disk: the sink for as long as nothing else counts them, and the buffer before it.
///
/// **Promises.** When `record` has returned, its events survive `kill -9` and a loss of power. A torn end is cut off
/// when the log is opened again; a damaged line in the middle is left out and counted, the rest is read. **Costs** one
/// `write` and one `fdatasync` for all calls that come while the last ones are under way, on threads of their own.
/// **Fails** with `full` when the log has as many bytes as it may have: then nothing is kept and all is counted.
package final class LocalUsageLog: UsageSink {
    /// Opens the log in `settings.folder`, which is made if need be, and cuts a torn end off.
    ///
    /// - Throws: `taken` or `disk`.
    package static func open(
        _ settings: UsageLogSettings,
        files: (any SegmentFiles)? = nil
    ) async throws(AssignmentsError) -> LocalUsageLog { fatalError() }

    package func record(_ events: [UsageEvent]) async throws(AssignmentsError) { fatalError() }

    /// The events behind `position`, as far as they are on the disk; all from the oldest on if it is `nil`.
    ///
    /// - Throws: `disk`.
    package func read(
        after position: UsagePosition?,
        bytesMax: Int = 4 << 20
    ) async throws(AssignmentsError) -> UsagePage { fatalError() }

    /// Removes the segments that lie wholly before `position`: whoever counts has their events.
    ///
    /// - Throws: `disk`.
    package func remove(before position: UsagePosition) async throws(AssignmentsError) { fatalError() }

    package var statistics: UsageLogStatistics { fatalError() }

    /// Waits for what is under way; later calls throw `closed`.
    package func close() async {}
}
