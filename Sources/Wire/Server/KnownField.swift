/// The fields that are found by name while a head is parsed, so that nobody has to search for them.
package enum KnownField: UInt8, CaseIterable, Sendable {
    case host, connection, contentLength, transferEncoding, accept, acceptEncoding, ifNoneMatch, ifModifiedSince
    case ifMatch, ifUnmodifiedSince, ifRange, range, cacheControl, pragma, authorization, cookie
    case expect, upgrade, te, traceparent, secCHDPR, dpr, secCHWidth, width
    case saveData, forwardedFor, cdnLoop, via, proxyConnection

    /// The field's name in lower case.
    package var name: StaticString {
        switch self {
        case .host: "host"
        case .connection: "connection"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .accept: "accept"
        case .acceptEncoding: "accept-encoding"
        case .ifNoneMatch: "if-none-match"
        case .ifModifiedSince: "if-modified-since"
        case .ifMatch: "if-match"
        case .ifUnmodifiedSince: "if-unmodified-since"
        case .ifRange: "if-range"
        case .range: "range"
        case .cacheControl: "cache-control"
        case .pragma: "pragma"
        case .authorization: "authorization"
        case .cookie: "cookie"
        case .expect: "expect"
        case .upgrade: "upgrade"
        case .te: "te"
        case .traceparent: "traceparent"
        case .secCHDPR: "sec-ch-dpr"
        case .dpr: "dpr"
        case .secCHWidth: "sec-ch-width"
        case .width: "width"
        case .saveData: "save-data"
        case .forwardedFor: "x-forwarded-for"
        case .cdnLoop: "cdn-loop"
        case .via: "via"
        case .proxyConnection: "proxy-connection"
        }
    }

    /// The field with this name; `nil` for a name that is not in the list.
    ///
    /// Length and first letter decide, then one comparison.
    @inline(__always)
    static func find(_ bytes: Span<UInt8>, _ name: Range<Int>) -> KnownField? {
        guard
            let candidate = candidate(length: name.count, first: Octet.lowercased(bytes[name.lowerBound]), bytes, name)
        else { return nil }
        return bytes.matches(candidate.name, in: name) ? candidate : nil
    }

    private static func candidate(
        length: Int,
        first: UInt8,
        _ bytes: Span<UInt8>,
        _ name: Range<Int>
    ) -> KnownField? {
        let last = Octet.lowercased(bytes[name.upperBound - 1])
        switch (length, first) {
        case (2, 0x74): return .te
        case (3, 0x64): return .dpr
        case (3, 0x76): return .via
        case (4, 0x68): return .host
        case (5, 0x72): return .range
        case (5, 0x77): return .width
        case (6, 0x61): return .accept
        case (6, 0x63): return .cookie
        case (6, 0x65): return .expect
        case (6, 0x70): return .pragma
        case (7, 0x75): return .upgrade
        case (8, 0x63): return .cdnLoop
        case (8, 0x69): return last == 0x65 ? .ifRange : .ifMatch
        case (9, 0x73): return .saveData
        case (10, 0x63): return .connection
        case (10, 0x73): return .secCHDPR
        case (11, 0x74): return .traceparent
        case (12, 0x73): return .secCHWidth
        case (13, 0x61): return .authorization
        case (13, 0x63): return .cacheControl
        case (13, 0x69): return .ifNoneMatch
        case (14, 0x63): return .contentLength
        case (15, 0x61): return .acceptEncoding
        case (15, 0x78): return .forwardedFor
        case (16, 0x70): return .proxyConnection
        case (17, 0x69): return .ifModifiedSince
        case (17, 0x74): return .transferEncoding
        case (19, 0x69): return .ifUnmodifiedSince
        default: return nil
        }
    }
}
