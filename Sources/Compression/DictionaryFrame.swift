package import DeliveryTypes

/// What stands before the Zstandard frames of a `dcz` body (RFC 9842 §5): eight fixed bytes, which a Zstandard decoder
/// skips together with the next 32, and the SHA-256 of the dictionary.
package enum DictionaryFrame {
    /// A skippable frame's magic number and its length, 32, little-endian.
    package static let magic: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0x00, 0x00, 0x00]
    /// Bytes of the whole.
    package static let count = 40

    /// The 40 bytes for a dictionary.
    package static func head(_ digest: ContentDigest) -> [UInt8] { magic + digest.bytes }

    /// The dictionary that a body names; `nil` where it does not begin as `dcz` does.
    package static func digest(of body: some Collection<UInt8>) -> ContentDigest? {
        let head = Array(body.prefix(count))
        guard head.count == count, head.starts(with: magic) else { return nil }
        return ContentDigest(bytes: Array(head[magic.count...]))
    }
}
