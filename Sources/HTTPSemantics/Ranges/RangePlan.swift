package import HTTPTypes

/// How a stored response answers a GET as to its `Range` (RFC 9110 section 14.2); pure, without the bytes.
package enum RangePlan: Hashable, Sendable {
    /// 200 (or whatever is stored): the whole content.
    case whole
    /// 206 with one part: positions in the representation, half-open.
    case part(Range<Int>)
    /// 206 with `multipart/byteranges`: merged where they overlap or touch, in the order asked for; at least two.
    case parts([Range<Int>])
    /// 416 with `Content-Range: bytes */length`.
    case unsatisfiable
    /// The stored part doesn't cover what is asked for: forward.
    case notCovered

    /// Plans the answer.
    ///
    /// `bodyLength` is the number of stored bytes; if `stored.partial` is set they begin at its lower bound. `Range`
    /// counts for GET and a stored 200 or 206 only, and only if `If-Range` agrees.
    package init(request: HTTPRequest, stored: StoredResponse, bodyLength: Int) {
        if stored.head.status.code == 206, stored.partial == nil {
            let asked = ReplayedRange.asked(by: request)
            self = asked != nil && asked == stored.replayedRange ? .whole : .notCovered
            return
        }
        let complete = stored.partial?.completeLength ?? bodyLength
        let whole: RangePlan = stored.partial.map(\.isComplete) ?? true ? .whole : .notCovered
        let lines = request.headerFields[values: .range]
        let isAllowed =
            request.method == .get && lines.count == 1
            && (stored.head.status.code == 200 || stored.head.status.code == 206)
            && Self.agrees(request, stored.head)
        guard isAllowed, let set = ByteRangeSet(fieldValue: lines[0]) else {
            self = whole
            return
        }
        let ranges = Self.merged(set.ranges(length: complete))
        if let partial = stored.partial,
            !ranges.allSatisfy({
                partial.range.lowerBound <= $0.lowerBound && $0.upperBound <= partial.range.upperBound
            })
        {
            self = .notCovered
        } else if ranges.isEmpty {
            self = .unsatisfiable
        } else if ranges.count == 1 {
            self = .part(ranges[0])
        } else {
            self = .parts(ranges)
        }
    }

    /// Whether `If-Range` names this response; a date counts only if it is a strong validator, a second or more
    /// older than `Date` (RFC 9110 sections 8.8.2.2 and 13.1.5).
    private static func agrees(_ request: HTTPRequest, _ head: StoredHead) -> Bool {
        var modified = head.modifiedSeconds
        if let last = modified, let date = head.dateSeconds, date - last < 1 { modified = nil }
        return ConditionalRequest.allowsRange(fields: request.headerFields, tag: head.tag, modified: modified)
    }

    /// The ranges, overlapping and touching ones made one, each where its first one stood.
    static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for var range in ranges {
            var place = result.count
            while let index = result.firstIndex(where: {
                $0.lowerBound <= range.upperBound
                    && range.lowerBound <= $0.upperBound
            }) {
                let other = result.remove(at: index)
                range = min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound)
                place = min(place, index)
            }
            result.insert(range, at: min(place, result.count))
        }
        return result
    }
}
