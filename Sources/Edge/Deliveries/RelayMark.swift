import HTTPSemantics
import HTTPTypes
import Wire

/// Whether another node of ours asks, for a viewer of its own: our product is in `CDN-Loop` (RFC 8586).
///
/// Such a request is in this node's access log and in the other's, and both count it; the mark tells them apart. What
/// a foreign cache in front of us asks for is delivered to viewers by nobody else of ours, so it has no mark.
enum RelayMark {
    static func isPresent(in fields: HTTPFields) -> Bool {
        let values = fields[values: .cdnLoop]
        if values.isEmpty { return false }
        return FieldList.members(of: values).contains { $0.hasPrefix("vitrine") }
    }

    /// The same, straight from the received bytes; a member begins the field, or follows a comma.
    @inline(__always)
    static func isPresent(in head: RequestHead, _ bytes: Span<UInt8>) -> Bool {
        guard head.present.contains(KnownFieldSet(.cdnLoop)) else { return false }
        for line in head.fields where bytes.matches("cdn-loop", in: line.name) {
            if hasMember(bytes, line.value) { return true }
        }
        return false
    }

    private static func hasMember(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
        let name: StaticString = "vitrine"
        var isAtStart = true
        for index in value {
            if isAtStart, value.upperBound - index >= name.utf8CodeUnitCount,
                bytes.matches(name, in: index..<(index + name.utf8CodeUnitCount))
            {
                return true
            }
            switch bytes[index] {
            case UInt8(ascii: ","): isAtStart = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: isAtStart = false
            }
        }
        return false
    }
}
