import CZstd
package import DeliveryTypes

/// A document prepared as dictionary for `dcz` (RFC 9842): read once, used by any number of threads at a time.
///
/// The bytes count as they are ("raw content"). Prepared tables take up to about 2.2 times the bytes; preparing runs at
/// some 300 MB per second. Level 4, Zstandard's "double fast" search with tables of 2^18 entries: of the levels that
/// are fast enough to wait for, it finds the most (60,177 bytes at level 3, 57,551 at 4, 60,633 at 5).
@safe package final class ZstdDictionary: Sendable {
    /// Dictionaries are at most this large, bytes.
    package static let bytesMax = 64 << 20
    static let level: Int32 = 4

    /// The SHA-256 of the bytes: the dictionary's name in `Available-Dictionary` and in the frames.
    package let digest: ContentDigest
    /// Bytes of the dictionary.
    package let count: Int
    // SAFETY: written by the initialiser, freed by `deinit`; libzstd lets any number of threads read it at a time.
    nonisolated(unsafe) let prepared: OpaquePointer

    /// Copies and prepares the bytes, whose SHA-256 is `digest`, as the caller has verified.
    ///
    /// CPU work: not for an event loop.
    ///
    /// - Throws: `tooLarge`; `malformed` for fewer than 8 bytes, and for what Zstandard would take for a dictionary in
    ///   its own format, which `dcz` does not know; `outOfMemory`.
    package init(_ bytes: [UInt8], digest: ContentDigest) throws(CompressionError) {
        guard bytes.count <= Self.bytesMax else { throw .tooLarge(bytesMax: Self.bytesMax) }
        guard bytes.count >= 8, Array(bytes.prefix(4)) != [0x37, 0xA4, 0x30, 0xEC] else { throw .malformed }
        // SAFETY: libzstd copies the bytes before it returns.
        let made = unsafe bytes.withUnsafeBytes { unsafe ZSTD_createCDict($0.baseAddress, $0.count, Self.level) }
        guard let made = unsafe made else { throw .outOfMemory }
        unsafe prepared = made
        self.digest = digest
        count = bytes.count
    }

    deinit {
        // SAFETY: nothing else frees it, and nobody uses it any more.
        unsafe ZSTD_freeCDict(prepared)
    }

    /// Memory that the prepared tables and the copy take, bytes.
    package var memoryBytes: Int {
        // SAFETY: reads sizes only.
        unsafe ZSTD_sizeof_CDict(prepared)
    }
}
