package import DeliveryTypes

/// One key of an app, as it is stored: its digest only.
package struct AppKey: Hashable, Sendable, Codable {
    /// Characters of a hint: the prefix and 16 bits, which leave 112 unknown.
    package static let hintLength = 7

    package var kind: KeyKind
    /// The SHA-256 of the key's text (UTF-8, with its prefix).
    package var sha256: ContentDigest
    /// The key's first characters, `hintLength` of them, so that people can tell keys apart.
    package var hint: String
    /// Milliseconds since 1970.
    package var created: Int64
    /// Milliseconds since 1970 from which on the key is refused; `nil` while it is in force without end.
    package var expires: Int64?

    package init(kind: KeyKind, sha256: ContentDigest, hint: String, created: Int64, expires: Int64?) {
        self.kind = kind
        self.sha256 = sha256
        self.hint = hint
        self.created = created
        self.expires = expires
    }

    /// Whether the key is good at `now`, in milliseconds since 1970.
    package func isValid(at now: Int64) -> Bool { expires.map { now < $0 } ?? true }
}
