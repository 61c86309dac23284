import CZstd
package import NIOCore

/// One Zstandard frame (RFC 8878), written piece by piece: for bodies that nobody wants to hold in memory.
///
/// The frame ends in a checksum of what it stands for (§3.1.1). Receivers need a window of 2 MB at level 3. CPU work:
/// not for an event loop; some 250 MB per second at level 3, twice as many at level 1.
@safe package struct ZstdWriter: ~Copyable {
    // SAFETY: made by the initialiser, freed by `deinit`; a value that cannot be copied has one user at a time.
    private let context: OpaquePointer

    /// Room that each call of the library is given, bytes.
    private static let roomBytes = 128 << 10

    /// - Parameter level: 1 to 19.
    /// - Throws: `outOfMemory`.
    package init(level: Int32) throws(CompressionError) {
        precondition((1...19).contains(level))
        // SAFETY: no arguments that could be wrong; the result is checked.
        guard let context = unsafe ZSTD_createCCtx() else { throw .outOfMemory }
        unsafe self.context = context
        // SAFETY: the context is ours alone; both parameters are within their bounds.
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        // SAFETY: nothing else frees it, and nobody uses it any more.
        unsafe ZSTD_freeCCtx(context)
    }

    /// Takes bytes, and adds to `output` what of the frame is ready.
    ///
    /// - Throws: `outOfMemory`; then the frame cannot be continued.
    package mutating func write(_ bytes: RawSpan, into output: inout ByteBuffer) throws(CompressionError) {
        try advance(bytes, ZSTD_e_continue, into: &output)
    }

    /// Ends the frame, and adds the rest of it to `output`; what is written later begins another frame.
    ///
    /// - Throws: `outOfMemory`; then the frame cannot be continued.
    package mutating func finish(into output: inout ByteBuffer) throws(CompressionError) {
        let nothing = ByteBuffer()
        try advance(nothing.readableBytesSpan, ZSTD_e_end, into: &output)
    }

    private mutating func advance(
        _ bytes: RawSpan,
        _ directive: ZSTD_EndDirective,
        into output: inout ByteBuffer
    ) throws(CompressionError) {
        var position = 0
        while true {
            var rest = 0
            // SAFETY: both regions are valid for the call; the library reports how much it read and wrote.
            unsafe bytes.withUnsafeBytes { source in
                _ = unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.roomBytes) { room in
                    var into = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                    var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                    rest = unsafe ZSTD_compressStream2(context, &into, &from, directive)
                    position = unsafe from.pos
                    return unsafe into.pos
                }
            }
            guard ZSTD_isError(rest) == 0 else { throw .outOfMemory }
            if position == bytes.byteCount, directive == ZSTD_e_continue || rest == 0 { return }
        }
    }
}
