import Caching
import NIOPosix
import Synchronization

/// What a `UsageForwarder` keeps beside the log.
extension LocalUsageLog {
    /// Where to read on after a restart; `nil` for the log's begin.
    func forwarded() async throws(AssignmentsError) -> UsagePosition? {
        let files = files
        let segments = state.withLock { $0.segments }
        let mark = try await pool.blocking { () throws(AssignmentsError) in ForwardingMark(files: files).load() }
        guard let mark else { return nil }
        // A mark of another log, say one restored from a copy, would pass over events.
        guard let last = segments.last, mark.segment <= last.number else { return nil }
        if let segment = segments.first(where: { $0.number == mark.segment }), mark.offset > segment.bytes {
            return UsagePosition(segment: mark.segment, offset: 0)
        }
        return mark
    }

    /// Remembers how far the log was forwarded, and removes the segments before.
    func forwarded(to position: UsagePosition) async throws(AssignmentsError) {
        try await remove(before: position)
        let files = files
        try await pool.blocking { () throws(AssignmentsError) in
            do throws(DiskFailure) {
                try ForwardingMark(files: files).save(position)
            } catch {
                throw .disk(error)
            }
        }
    }
}
