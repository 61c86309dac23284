import Crypto

/// The begin of a SHA-256.
struct HashWords {
    /// Bytes 0 to 7 of the hash, big-endian, signed.
    let first: Int64
    /// Bytes 8 to 15.
    let second: Int64

    /// Of the SHA-256 of some bytes.
    init(of bytes: Span<UInt8>) {
        var hash = SHA256()
        // SAFETY: the bytes are read during the call only.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        // SAFETY: a digest has 32 bytes.
        (first, second) = unsafe hash.finalize().withUnsafeBytes { digest in
            (
                Int64(bigEndian: unsafe digest.loadUnaligned(fromByteOffset: 0, as: Int64.self)),
                Int64(bigEndian: unsafe digest.loadUnaligned(fromByteOffset: 8, as: Int64.self))
            )
        }
    }
}
