import Crypto
package import DeliveryTypes

/// One immutable record of a release: bytes that are named by their SHA-256.
///
/// A value of this type has been verified: its digest was computed from its bytes. So whoever receives records hashes
/// them once, by making these, and nobody needs to hash them again.
package struct SettingsRecord: Sendable, Equatable {
    /// What the bytes are.
    package enum Kind: String, Sendable, CaseIterable {
        case manifest
        case metadata
        case values
        case partition
        case dictionary
        case packed
        case source
    }

    package let kind: Kind
    package let digest: ContentDigest
    package let bytes: [UInt8]

    /// Names the bytes by hashing them: some 0.6 ms per MiB where the processor has instructions for SHA-256.
    package init(_ kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
        digest = ContentDigest(bytes: Array(SHA256.hash(data: bytes)))
    }

    /// The same for bytes that came under a name; `nil` when they are not what the name says.
    package init?(_ reference: RecordReference, bytes: [UInt8]) {
        guard bytes.count == reference.byteCount else { return nil }
        self.init(reference.kind, bytes: bytes)
        guard digest == reference.digest else { return nil }
    }

    package var reference: RecordReference {
        RecordReference(kind: kind, digest: digest, byteCount: bytes.count)
    }
}
