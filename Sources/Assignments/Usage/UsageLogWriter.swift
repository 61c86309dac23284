import Caching
import Glibc
import NIOCore
import Synchronization

/// Appends groups of lines to the newest segment, and begins the next one when it is long enough.
///
/// What a failed group has left is cut off again, and the next group begins a new segment: after a failed `fdatasync`
/// nobody can say what of the old one is on the disk. Every verb blocks; one is called at a time.
final class UsageLogWriter: Sendable {
    private struct State {
        /// The newest segment there is, also when it is not written to any more.
        var newest: UsageSegment?
        var file: (any SegmentFile)?
        var isBroken = false
    }

    private let files: any SegmentFiles
    private let settings: UsageLogSettings
    private let state: Mutex<State>

    init(files: any SegmentFiles, settings: UsageLogSettings, last: UsageSegment?) {
        self.files = files
        self.settings = settings
        state = Mutex(State(newest: last))
    }

    /// Writes lines; on return they are on the disk, in the segment that is returned.
    func append(_ lines: [UInt8]) -> Result<UsageSegment, AssignmentsError> {
        state.withLock { state in
            do throws(DiskFailure) {
                guard try files.freeBytes() >= settings.freeBytesMin + lines.count else { return .failure(.full) }
                return .success(try append(lines, &state))
            } catch {
                let isFull = [ENOSPC, EDQUOT].contains(error.code)
                return .failure(isFull ? .full : .disk(error))
            }
        }
    }

    private func append(_ lines: [UInt8], _ state: inout State) throws(DiskFailure) -> UsageSegment {
        var (segment, file) = try opened(&state)
        do throws(DiskFailure) {
            try write(lines, to: file, at: segment.bytes)
            try file.synchronize()
        } catch {
            state.isBroken = true
            state.file = nil
            // Should this fail too, readers stop at what was on the disk before.
            try? file.truncate(to: segment.bytes)
            throw error
        }
        segment.bytes += lines.count
        state.newest = segment
        return segment
    }

    /// The segment to append to: the newest, or a new one if that is long enough or has failed.
    private func opened(_ state: inout State) throws(DiskFailure) -> (UsageSegment, any SegmentFile) {
        if let newest = state.newest, !state.isBroken, newest.bytes < settings.segmentBytes {
            if let file = state.file { return (newest, file) }
            let file = try files.open(newest.name)
            state.file = file
            return (newest, file)
        }
        let segment = UsageSegment(number: (state.newest?.number ?? 0) + 1, bytes: UsageLine.header.count)
        // What a failed attempt has left under this name has no event that was acknowledged.
        try files.remove(segment.name)
        let file = try files.create(segment.name)
        try write(UsageLine.header, to: file, at: 0)
        try file.synchronize()
        try files.synchronizeNames()
        state = State(newest: segment, file: file)
        return (segment, file)
    }

    private func write(_ bytes: [UInt8], to file: any SegmentFile, at offset: Int) throws(DiskFailure) {
        var rest = ByteBuffer(bytes: bytes)
        var position = offset
        while rest.readableBytes > 0 {
            let count = try file.write([rest], at: position)
            rest.moveReaderIndex(forwardBy: count)
            position += count
        }
    }
}
