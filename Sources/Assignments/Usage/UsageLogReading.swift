import Caching
import NIOCore

/// Reads a page of events from a log's segments; blocks.
struct UsageLogReading {
    let files: any SegmentFiles
    /// Oldest first, with the bytes that may be read of each.
    let segments: [UsageSegment]
    let bytesMax: Int

    func page(after position: UsagePosition?) throws(DiskFailure) -> UsagePage {
        let begin = position ?? UsagePosition(segment: 0, offset: 0)
        var page = UsagePage(events: [], next: begin, damagedLines: 0)
        for segment in segments where segment.number >= begin.segment {
            if page.next.segment < segment.number { page.next = UsagePosition(segment: segment.number, offset: 0) }
            guard page.next.offset < segment.bytes else { continue }
            try read(segment, into: &page)
            return page
        }
        return page
    }

    /// Adds the lines of a segment from `page.next` on.
    private func read(_ segment: UsageSegment, into page: inout UsagePage) throws(DiskFailure) {
        let file = try files.open(segment.name)
        let offset = page.next.offset
        let left = segment.bytes - offset
        let count = min(left, max(bytesMax, UsageLine.bytesMax))
        let bytes = Array(try file.read(count, at: offset).readableBytesView)
        var begin = 0
        while let feed = bytes[begin...].firstIndex(of: UsageLine.lineFeed) {
            add(bytes[begin..<feed], isFirst: offset + begin == 0, to: &page)
            begin = feed + 1
        }
        // What has no line feed at the segment's end, or is longer than any line, is damage.
        if begin < bytes.count, bytes.count == left || begin == 0 {
            page.damagedLines += 1
            begin = bytes.count
        }
        page.next.offset = bytes.isEmpty ? segment.bytes : offset + begin
    }

    private func add(_ line: ArraySlice<UInt8>, isFirst: Bool, to page: inout UsagePage) {
        if isFirst, line.elementsEqual(UsageLine.header.dropLast()) { return }
        if let event = UsageLine.event(line) { page.events.append(event) } else { page.damagedLines += 1 }
    }
}
