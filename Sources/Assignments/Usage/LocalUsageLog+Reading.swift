import Caching
import NIOCore
import Synchronization

/// What whoever counts needs: reading on from where it was, and removing what it has.
extension LocalUsageLog {
    /// The events behind `position`, as far as they are on the disk; from the oldest on if it is `nil`.
    ///
    /// Reads at most `bytesMax` bytes of lines, and at least one line.
    ///
    /// - Throws: `disk`, or `closed` if the pool was shut down.
    package func read(
        after position: UsagePosition?,
        bytesMax: Int = 4 << 20
    ) async throws(AssignmentsError) -> UsagePage {
        let segments = state.withLock { $0.segments }
        let files = files
        return try await pool.blocking { () throws(AssignmentsError) in
            do throws(DiskFailure) {
                return try UsageLogReading(files: files, segments: segments, bytesMax: bytesMax).page(after: position)
            } catch {
                throw .disk(error)
            }
        }
    }

    /// Removes the segments that lie wholly before `position`: whoever counts has their events.
    ///
    /// The newest segment stays, so that numbers keep growing.
    ///
    /// - Throws: `disk`, or `closed` if the pool was shut down.
    package func remove(before position: UsagePosition) async throws(AssignmentsError) {
        let done = state.withLock { $0.segments.dropLast().prefix { $0.number < position.segment } }
        let files = files
        for segment in done {
            try await pool.blocking { () throws(AssignmentsError) in
                do throws(DiskFailure) {
                    try files.remove(segment.name)
                } catch {
                    throw .disk(error)
                }
            }
            state.withLock { state in state.segments.removeAll { $0.number == segment.number } }
        }
    }
}
