import Caching
import NIOCore

/// Reads all groups of a closed segment in order; blocks.
///
/// A torn end of a part is passed over: its group was never acknowledged. A broken group with whole ones behind it, or
/// before the acknowledged end, is damage.
struct SegmentReading {
    /// Bytes of torn ends.
    private(set) var bytesCut = 0
    /// Groups that were damaged and left out.
    private(set) var groupsLost = 0

    private let segment: ClosedSegment
    /// Whether damaged groups are left out, instead of thrown.
    private let salvages: Bool
    private var next = 0
    private var reader: PartReader?

    init(_ segment: ClosedSegment, salvages: Bool = false) {
        self.segment = segment
        self.salvages = salvages
    }

    /// The lines of the next group; `nil` at the end.
    ///
    /// - Throws: `disk`, `full` and `damaged`.
    mutating func lines() throws(MeteringError) -> ByteBuffer? {
        while true {
            guard var reader = try opened() else { return nil }
            let step = try meteringErrors { () throws(DiskFailure) in try reader.next() }
            switch step {
            case .group(let lines):
                self.reader = reader
                return lines
            case .end: self.reader = nil
            case .broken(let offset): try pass(&reader, brokenAt: offset)
            }
        }
    }

    private mutating func opened() throws(MeteringError) -> PartReader? {
        if let reader { return reader }
        guard next < segment.parts.count else { return nil }
        let part = segment.parts[next]
        let name = SegmentName.part(segment.number, part.part).text
        do throws(DiskFailure) {
            let file = try segment.home.open.open(name)
            reader = try PartReader(file, number: segment.number, part: part.part, end: part.end)
        } catch {
            guard error.isAbsence else { throw error.meteringError }
            guard salvages else { throw .damaged(segment: segment.name, reason: "\(name) is missing") }
            groupsLost += 1
            next += 1
            return try opened()
        }
        next += 1
        return reader
    }

    private mutating func pass(_ reader: inout PartReader, brokenAt offset: Int) throws(MeteringError) {
        var found = reader
        let hasMore = try meteringErrors { () throws(DiskFailure) in try found.skip() }
        let part = segment.parts[next - 1]
        if hasMore || part.end != nil {
            let name = SegmentName.part(segment.number, part.part).text
            guard salvages else {
                throw .damaged(segment: segment.name, reason: "\(name) has no whole group at byte \(offset)")
            }
            groupsLost += 1
        } else {
            bytesCut += reader.bytesLeft
        }
        self.reader = hasMore ? found : nil
    }
}
