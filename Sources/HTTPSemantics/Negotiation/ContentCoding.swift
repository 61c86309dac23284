/// A content coding that answers may have (RFC 9110 §8.4.1; zstd: RFC 8878, br: RFC 7932, dcz: RFC 9842 §5).
package enum ContentCoding: String, Hashable, Sendable, CaseIterable {
    case identity
    case gzip
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case br
    case zstd
    /// Zstandard against a dictionary that both sides have.
    case dcz

    /// The value of `Content-Encoding`; `nil` where the field is left out.
    package var field: String? { self == .identity ? nil : rawValue }

    /// Whether the client must have named it: a dictionary that the client has not got makes a body unreadable.
    package var needsNaming: Bool { self == .dcz }
}
