package import DeliveryTypes
package import HTTPSemantics

/// Reads bodies that `Compressor`, or anybody, has written; for verifying, for shadow measurement and for tests.
///
/// Joined gzip members and zstd frames are read to the end. Bytes after it, or a body that is cut, are `malformed`.
/// CPU work: not for an event loop.
package enum Decompressor {
    /// The bytes that a body stands for; `dcz` needs the dictionary's bytes and their SHA-256.
    ///
    /// More than `bytesMax` is refused as soon as it is noticed, so a small body cannot fill the memory.
    ///
    /// - Throws: `malformed`, `tooLarge`, `wrongDictionary`, `outOfMemory`.
    package static func decompress(
        _ body: [UInt8],
        from coding: ContentCoding,
        dictionary: (bytes: [UInt8], digest: ContentDigest)? = nil,
        bytesMax: Int
    ) throws(CompressionError) -> [UInt8] {
        switch coding {
        case .identity:
            guard body.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
            return body
        case .gzip: return try GzipReader.read(body, bytesMax: bytesMax)
        case .br: return try BrotliReader.read(body, bytesMax: bytesMax)
        case .zstd: return try ZstdReader.read(body[...], dictionary: [], bytesMax: bytesMax)
        case .dcz:
            guard let named = DictionaryFrame.digest(of: body) else { throw .malformed }
            guard let dictionary, dictionary.digest == named else { throw .wrongDictionary }
            return try ZstdReader.read(
                body[DictionaryFrame.count...],
                dictionary: dictionary.bytes,
                bytesMax: bytesMax
            )
        }
    }
}
