package import HTTPTypes

/// Which bytes of a representation a single-part 206 holds (RFC 9110 section 14.4).
package struct PartialContent: Hashable, Sendable {
    /// Half-open, not empty, within the complete length.
    package var range: Range<Int>
    /// Bytes of the whole representation.
    package var completeLength: Int

    package init(range: Range<Int>, completeLength: Int) {
        precondition(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= completeLength)
        self.range = range
        self.completeLength = completeLength
    }

    /// Reads `bytes first-last/length`; `nil` for anything else, an unknown length among it.
    package init?(contentRange value: String) {
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let complete = Self.number(halves[1]) else { return nil }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last,
            last < complete
        else { return nil }
        range = first..<(last + 1)
        completeLength = complete
    }

    /// Reads the one `Content-Range` of a 206; `nil` if it is bad or `Content-Length` contradicts it.
    package init?(response: HTTPResponse) {
        let lines = response.headerFields[values: .contentRange]
        guard response.status.code == 206, lines.count == 1, let partial = PartialContent(contentRange: lines[0])
        else { return nil }
        if let length = response.headerFields[.contentLength], Self.number(length[...]) != partial.range.count {
            return nil
        }
        self = partial
    }

    /// The value of `Content-Range`.
    package var fieldValue: String { "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(completeLength)" }

    /// Whether these are all bytes.
    package var isComplete: Bool { range.count == completeLength }

    /// The bytes of two parts together, where they touch or overlap and are of one length; the caller makes sure that
    /// both have the same strong validator (RFC 9110 section 15.3.7.3).
    package func union(_ other: PartialContent) -> PartialContent? {
        guard completeLength == other.completeLength, range.lowerBound <= other.range.upperBound,
            other.range.lowerBound <= range.upperBound
        else { return nil }
        let lower = min(range.lowerBound, other.range.lowerBound)
        let upper = max(range.upperBound, other.range.upperBound)
        return PartialContent(range: lower..<upper, completeLength: completeLength)
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(text)
    }
}
