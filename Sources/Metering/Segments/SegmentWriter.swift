import Caching
import NIOCore
import Synchronization

/// Appends groups of lines to the newest part of the open segment.
///
/// What a failed group has left is cut off again, and the next group begins a new part of the same segment: after a
/// failed `fdatasync` nobody can say what of the old one is on the disk. Every verb blocks; one is called at a time.
final class SegmentWriter: Sendable {
    private struct State {
        var number: UInt64
        var nextPart: UInt32
        /// Parts with acknowledged lines.
        var parts: [ClosedSegment.Part] = []
        /// Bytes of those.
        var bytes = 0
        var file: (any SegmentFile)?
        /// Of the part that `file` is.
        var part: UInt32 = 0
        var end = 0
        var groups: UInt32 = 0
        /// Parts without acknowledged lines, to be removed when there is another.
        var empty: [UInt32]
    }

    private let home: NodeFolder
    private let freeBytesMin: Int
    private let steps: SegmentSteps
    private let state: Mutex<State>

    /// `number` is the next segment's; `empty` are parts of that number which are there and have no lines.
    init(home: NodeFolder, number: UInt64, empty: [UInt32], freeBytesMin: Int, steps: SegmentSteps) {
        self.home = home
        self.freeBytesMin = freeBytesMin
        self.steps = steps
        state = Mutex(State(number: number, nextPart: (empty.max() ?? 0) + 1, empty: empty))
    }

    /// Writes lines as one group, which is on the disk on return; how many bytes the open segment's files have then.
    func append(_ pieces: [ByteBuffer], lines: Int) -> Result<Int, MeteringError> {
        state.withLock { state in
            do throws(DiskFailure) {
                let bytes = pieces.reduce(0) { $0 + $1.readableBytes }
                guard try home.open.freeBytes() >= freeBytesMin + bytes else { return .failure(.full) }
                try append(pieces, bytes: bytes, lines: lines, &state)
                return .success(state.bytes)
            } catch {
                return .failure(error.meteringError)
            }
        }
    }

    /// Whether the disk has no room for a mebibyte of further lines.
    var isDiskFull: Bool {
        do throws(DiskFailure) {
            return try home.open.freeBytes() < freeBytesMin + (1 << 20)
        } catch {
            return true
        }
    }

    /// Ends the open segment; `nil` if it has no lines.
    func close() -> ClosedSegment? {
        state.withLock { state in
            guard !state.parts.isEmpty else { return nil }
            let closed = ClosedSegment(
                home: home,
                number: state.number,
                parts: state.parts,
                bytes: state.bytes
            )
            removeEmptyParts(&state)
            state = State(number: state.number + 1, nextPart: 1, empty: [])
            steps.after(.segmentClosed)
            return closed
        }
    }

    private func append(
        _ pieces: [ByteBuffer],
        bytes: Int,
        lines: Int,
        _ state: inout State
    ) throws(DiskFailure) {
        let file = try opened(&state)
        var checksum = CRC32C()
        for piece in pieces { checksum.add(piece.readableBytesUInt8Span) }
        let header = GroupHeader(
            number: state.number,
            index: state.groups,
            lines: UInt32(clamping: lines),
            linesBytes: UInt32(bytes),
            checksum: checksum.value
        )
        do throws(DiskFailure) {
            try file.writeAll([header.encoded] + pieces, at: state.end)
            steps.after(.groupWritten)
            try file.synchronize()
            steps.after(.groupSynchronized)
        } catch {
            // Should this fail too, the segment is read up to what was acknowledged; only a later process, which does
            // not know that, may take the lines for written, as the caller was told.
            try? file.truncate(to: state.end)
            state.file = nil
            if state.parts.last?.part != state.part { state.empty.append(state.part) }
            throw error
        }
        let written = GroupHeader.bytes + bytes
        if state.parts.last?.part != state.part {
            state.parts.append(ClosedSegment.Part(part: state.part, end: 0))
            state.bytes += state.end
        }
        state.end += written
        state.bytes += written
        state.groups += 1
        state.parts[state.parts.count - 1].end = state.end
    }

    /// The part to append to: the one that is open, or a new one.
    private func opened(_ state: inout State) throws(DiskFailure) -> any SegmentFile {
        if let file = state.file { return file }
        let part = state.nextPart
        let name = SegmentName.part(state.number, part).text
        state.nextPart += 1
        do throws(DiskFailure) {
            let file = try home.open.create(name)
            let header = PartHeader.encoded(number: state.number, part: part)
            try file.writeAll([header], at: 0)
            try file.synchronize()
            try home.open.synchronizeNames()
            state.file = file
            state.part = part
            state.end = header.readableBytes
            state.groups = 0
            removeEmptyParts(&state)
            steps.after(.partBegun)
            return file
        } catch {
            state.empty.append(part)
            throw error
        }
    }

    /// Parts that stay, since removing them failed, have no lines; they are removed when the segment has been shipped.
    private func removeEmptyParts(_ state: inout State) {
        for part in state.empty { try? home.open.remove(SegmentName.part(state.number, part).text) }
        state.empty = []
    }
}
