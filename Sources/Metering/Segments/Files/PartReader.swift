import Caching
import NIOCore

/// Reads the groups of one part, each checked by its checksums; blocks.
struct PartReader {
    enum Step {
        case group(ByteBuffer)
        case end
        /// What stands at the offset is no whole group.
        case broken(at: Int)
    }

    /// Where the reader is: the first byte that was not taken yet.
    private(set) var offset = 0

    /// Bytes from there to the end.
    var bytesLeft: Int { end - offset }

    private let file: any SegmentFile
    private let number: UInt64
    private let part: UInt32
    /// Bytes that count.
    private let end: Int
    /// What was read from `offset` on.
    private var window = ByteBuffer()
    private var index: UInt32 = 0

    private static let pieceBytes = 1 << 20

    /// Reads `end` bytes, which were acknowledged; all that are there if it is `nil`.
    init(_ file: any SegmentFile, number: UInt64, part: UInt32, end: Int?) throws(DiskFailure) {
        self.file = file
        self.number = number
        self.part = part
        let size = try file.size()
        // A file that is shorter than what was acknowledged is read to its end, which is no end of a group then.
        self.end = end ?? size
    }

    mutating func next() throws(DiskFailure) -> Step {
        if offset == 0 {
            try fill(PartHeader.bytes)
            guard PartHeader.stands(in: window, number: number, part: part) else { return .broken(at: 0) }
            take(PartHeader.bytes)
        }
        if offset == end { return .end }
        try fill(GroupHeader.bytes)
        guard let header = GroupHeader(window, at: window.readerIndex), header.number == number, header.index == index
        else { return .broken(at: offset) }
        let bytes = Int(header.linesBytes)
        try fill(GroupHeader.bytes + bytes)
        guard let lines = window.getSlice(at: window.readerIndex + GroupHeader.bytes, length: bytes),
            CRC32C.checksum(of: lines.readableBytesUInt8Span) == header.checksum
        else { return .broken(at: offset) }
        take(GroupHeader.bytes + bytes)
        index += 1
        return .group(lines)
    }

    /// Goes on with the first group behind a broken one; `false` if there is none.
    ///
    /// Groups are written one at a time, each after the one before is on the disk: a whole header behind a broken group
    /// says that the group was whole once.
    mutating func skip() throws(DiskFailure) -> Bool {
        var start = offset + 1
        while start < end {
            let piece = try file.read(min(Self.pieceBytes, end - start), at: start)
            var place = piece.readerIndex
            while let found = Self.magic(in: piece, from: place) {
                if let header = GroupHeader(try file.read(GroupHeader.bytes, at: start + found), at: 0),
                    header.number == number, header.index >= index
                {
                    offset = start + found
                    index = header.index
                    window.clear()
                    return true
                }
                place = found + 1
            }
            if start + piece.readableBytes >= end || piece.readableBytes < GroupHeader.bytes { return false }
            start += piece.readableBytes - GroupHeader.magic.count + 1
        }
        return false
    }

    private static func magic(in piece: ByteBuffer, from start: Int) -> Int? {
        let bytes = piece.readableBytesUInt8Span
        var index = start
        while index + GroupHeader.magic.count <= bytes.count {
            // Written out: a closure cannot have the span.
            var matched = 0
            while matched < GroupHeader.magic.count, bytes[index + matched] == GroupHeader.magic[matched] {
                matched += 1
            }
            if matched == GroupHeader.magic.count { return index }
            index += 1
        }
        return nil
    }

    private mutating func take(_ count: Int) {
        window.moveReaderIndex(forwardBy: count)
        offset += count
    }

    /// Has at least `count` bytes in the window, unless the part ends before.
    private mutating func fill(_ count: Int) throws(DiskFailure) {
        guard window.readableBytes < count else { return }
        let begin = offset + window.readableBytes
        let wanted = min(max(count - window.readableBytes, Self.pieceBytes), end - begin)
        guard wanted > 0 else { return }
        var piece = try file.read(wanted, at: begin)
        if window.readableBytes == 0 {
            window = piece
        } else {
            window.discardReadBytes()
            window.writeBuffer(&piece)
        }
    }
}
