import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

/// What a plain hit is answered with.
enum HitKind {
    case whole
    /// A single byte range, half-open and within the body.
    case part(Range<Int>)
    /// 304: the client has it.
    case notModified

    /// `nil` when the request needs the ordinary path.
    init?(_ hit: PreparedHit, _ head: RequestHead, _ bytes: Span<UInt8>) {
        let present = head.present
        if !present.contains(KnownFieldSet(.ifNoneMatch)), !present.contains(KnownFieldSet(.ifModifiedSince)) {
            self = .whole
        } else if let value = head.value(of: .ifNoneMatch) {
            guard !head.repeated.contains(KnownFieldSet(.ifNoneMatch)) else { return nil }
            // Exactly our tag is the common case; lists, weak tags and others are compared on the ordinary path.
            guard hit.response.head.status == .ok, !hit.entityTag.isEmpty,
                FrontRecord.equal(hit.entityTag, bytes, value)
            else { return nil }
            self = .notModified
            return
        } else if let value = head.value(of: .ifModifiedSince) {
            guard hit.response.head.status == .ok, !hit.lastModified.isEmpty,
                !head.repeated.contains(KnownFieldSet(.ifModifiedSince)),
                FrontRecord.equal(hit.lastModified, bytes, value)
            else { return nil }
            self = .notModified
            return
        } else {
            return nil
        }
        guard present.contains(KnownFieldSet(.range)) else { return }
        guard head.method == .get, !hit.partialHead.isEmpty, !head.repeated.contains(KnownFieldSet(.range)),
            let value = head.value(of: .range),
            let range = Self.range(bytes, value, length: hit.response.body.readableBytes)
        else { return nil }
        self = .part(range)
    }

    /// The status code of the answer.
    func status(of response: CachedResponse) -> Int {
        switch self {
        case .whole: response.head.status.code
        case .part: 206
        case .notModified: 304
        }
    }

    /// `bytes=first-last`, `bytes=first-` or `bytes=-suffix`, satisfiable; `nil` for anything else.
    private static func range(_ bytes: Span<UInt8>, _ value: Range<Int>, length: Int) -> Range<Int>? {
        guard value.count > 6, bytes.matches("bytes=", in: value.lowerBound..<(value.lowerBound + 6)) else {
            return nil
        }
        var index = value.lowerBound + 6
        let first = number(bytes, &index, value.upperBound)
        guard index < value.upperBound, bytes[index] == UInt8(ascii: "-") else { return nil }
        index += 1
        let last = number(bytes, &index, value.upperBound)
        guard index == value.upperBound, length > 0 else { return nil }
        switch (first, last) {
        case (let first?, let last?):
            guard first <= last, first < length else { return nil }
            return first..<(min(last, length - 1) + 1)
        case (let first?, nil): return first < length ? first..<length : nil
        case (nil, let suffix?): return suffix > 0 ? max(0, length - suffix)..<length : nil
        case (nil, nil): return nil
        }
    }

    /// Up to 15 digits; `nil` for none.
    private static func number(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> Int? {
        var value: Int?
        let limit = min(end, index + 15)
        while index < limit, bytes[index] >= 0x30, bytes[index] <= 0x39 {
            value = (value ?? 0) * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return value
    }
}
