package import DeliveryTypes

/// A key of an app as those see it who check keys: its digest, what it allows and until when.
package struct SourcedKey: Hashable, Sendable, Codable {
    package var kind: KeyKind
    /// The SHA-256 of the key's text (UTF-8, with its prefix).
    package var sha256: ContentDigest
    /// Milliseconds since 1970 from which on the key is refused; `nil` while it is in force without end.
    package var expires: Int64?

    package init(kind: KeyKind, sha256: ContentDigest, expires: Int64?) {
        self.kind = kind
        self.sha256 = sha256
        self.expires = expires
    }

    package init(_ key: AppKey) {
        self.init(kind: key.kind, sha256: key.sha256, expires: key.expires)
    }

    /// Whether the key is good at `now`, in milliseconds since 1970.
    package func isValid(at now: Int64) -> Bool { expires.map { now < $0 } ?? true }
}
