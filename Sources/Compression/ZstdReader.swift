import CZstd

/// Zstandard frames (RFC 8878) to bytes, in a loop over a piece of output at a time.
enum ZstdReader {
    /// The largest window that is taken: 8 MB (RFC 9659), or what a dictionary of 64 MB needs (RFC 9842 §5).
    private static let windowLogMax: Int32 = 27
    private static let pieceBytes = 128 << 10

    static func read(
        _ body: ArraySlice<UInt8>,
        dictionary: [UInt8],
        bytesMax: Int
    ) throws(CompressionError) -> [UInt8] {
        // SAFETY: the context is freed at the end of this function, the arrays outlive the calls that read them.
        guard let context = unsafe ZSTD_createDCtx() else { throw .outOfMemory }
        defer { unsafe ZSTD_freeDCtx(context) }
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLogMax)
        if !dictionary.isEmpty {
            let loaded = unsafe dictionary.withUnsafeBytes { bytes in
                unsafe ZSTD_DCtx_loadDictionary(context, bytes.baseAddress, bytes.count)
            }
            guard ZSTD_isError(loaded) == 0 else { throw .outOfMemory }
        }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        var position = 0
        var isFinished = false
        while position < body.count || !isFinished {
            // SAFETY: both regions are valid for the call; the library reports how much it read and wrote.
            let (rest, produced, consumed) = unsafe piece.withUnsafeMutableBytes { room in
                unsafe body.withUnsafeBytes { bytes in
                    var into = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                    var from = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
                    let rest = unsafe ZSTD_decompressStream(context, &into, &from)
                    return unsafe (rest, into.pos, from.pos)
                }
            }
            guard ZSTD_isError(rest) == 0 else { throw .malformed }
            guard output.count + produced <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
            output += piece.prefix(produced)
            isFinished = rest == 0
            // Nothing went in or came out, and a frame is not at its end: the body was cut.
            if !isFinished, consumed == position, produced == 0 { throw .malformed }
            position = consumed
        }
        return output
    }
}
