import Crypto

/// The first 64 bits of the SHA-256 of a line's text: what tells whether a setting has another value now.
enum LineDigest {
    static func of(_ text: some Collection<UInt8>) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array(text))
        var digest: UInt64 = 0
        for byte in hash.finalize().prefix(8) { digest = digest &<< 8 | UInt64(byte) }
        return digest
    }

    /// Of the text `null`, which a setting without a value has.
    static let null = of("null".utf8)
}
