import Caching
import NIOCore

/// What is found when a usage log is opened: its segments, the newest one cut behind its last whole line.
struct UsageLogRecovery {
    struct Found: Sendable {
        /// Oldest first.
        var segments: [UsageSegment]
        var bytesCut: Int
    }

    let files: any SegmentFiles
    let folder: String

    private static let pieceBytes = 1 << 20

    /// Blocks; reads the newest segment whole.
    func run() throws(AssignmentsError) -> Found {
        let found: Found?
        do throws(DiskFailure) {
            found = try files.claim() ? segments() : nil
        } catch {
            files.release()
            throw .disk(error)
        }
        guard let found else { throw .taken(folder: folder) }
        return found
    }

    private func segments() throws(DiskFailure) -> Found {
        var found = Found(segments: [], bytesCut: 0)
        let numbers = try files.names().compactMap(UsageSegment.number(of:)).sorted()
        for number in numbers {
            let file = try files.open(UsageSegment.name(number))
            var segment = UsageSegment(number: number, bytes: try file.size())
            if number == numbers.last {
                let end = try endOfWholeLines(file)
                // A crash came before its first line was whole: it is as if it had not been begun.
                if end == 0 {
                    try files.remove(segment.name)
                    found.bytesCut = segment.bytes
                    break
                }
                if end < segment.bytes {
                    try file.truncate(to: end)
                    try file.synchronize()
                    found.bytesCut = segment.bytes - end
                    segment.bytes = end
                }
            }
            found.segments.append(segment)
        }
        return found
    }

    /// Where the last whole line ends; damaged lines before it stay where they are.
    private func endOfWholeLines(_ file: any SegmentFile) throws(DiskFailure) -> Int {
        var end = 0
        var begin = 0
        var rest: [UInt8] = []
        while true {
            let piece = try file.read(Self.pieceBytes, at: begin + rest.count)
            if piece.readableBytes == 0 { return end }
            rest += piece.readableBytesView
            var line = 0
            while let feed = rest[line...].firstIndex(of: UsageLine.lineFeed) {
                let isHeader = begin + line == 0 && rest[line...feed].elementsEqual(UsageLine.header)
                if isHeader || UsageLine.isWhole(rest[line..<feed]) { end = begin + feed + 1 }
                line = feed + 1
            }
            begin += line
            rest.removeSubrange(..<line)
        }
    }
}
