import CBrotli
import CDeflate
import CZstd
import HTTPSemantics
import NIOCore

/// The working memory of one compression at a time: the libraries' contexts and room for their output.
// SAFETY: whoever took it from the pool is the only one who has it until it is given back.
@safe final class Workspace: @unchecked Sendable {
    /// Room for output that is kept between uses, bytes.
    static let roomMax = 16 << 20
    /// The largest window that every receiver of `zstd` takes: 8 MB (RFC 9659 §3).
    private static let windowLogMax = 23

    // SAFETY: made by the initialiser, freed by `deinit`, used by one thread at a time.
    nonisolated(unsafe) private let zstd: OpaquePointer
    nonisolated(unsafe) private let deflate: OpaquePointer
    private var room = ByteBuffer()

    init() throws(CompressionError) {
        // SAFETY: no arguments that could be wrong; both are checked.
        guard let zstd = unsafe ZSTD_createCCtx() else { throw .outOfMemory }
        guard let deflate = unsafe libdeflate_alloc_compressor(CompressionEffort.live.gzipLevel) else {
            unsafe ZSTD_freeCCtx(zstd)
            throw .outOfMemory
        }
        unsafe self.zstd = zstd
        unsafe self.deflate = deflate
    }

    deinit {
        // SAFETY: nothing else frees them, and nobody uses them any more.
        unsafe ZSTD_freeCCtx(zstd)
        unsafe libdeflate_free_compressor(deflate)
    }

    /// Gives back the room that a very large body took.
    func shrink() {
        if room.capacity > Self.roomMax { room = ByteBuffer() }
    }

    func compress(
        _ body: RawSpan,
        as coding: ContentCoding,
        dictionary: ZstdDictionary?,
        effort: CompressionEffort
    ) throws(CompressionError) -> ByteBuffer {
        room.clear()
        let isDone: Bool
        switch coding {
        case .identity:
            // SAFETY: the bytes are copied before the span ends.
            unsafe body.withUnsafeBytes { _ = unsafe room.writeBytes($0) }
            isDone = true
        case .gzip: isDone = try gzip(body, effort)
        case .br: isDone = brotli(body, effort)
        case .zstd: isDone = zstandard(body, level: effort.zstdLevel, dictionary: nil)
        case .dcz:
            guard let dictionary else { throw .wrongDictionary }
            room.writeBytes(DictionaryFrame.head(dictionary.digest))
            isDone = zstandard(body, level: ZstdDictionary.level, dictionary: dictionary)
        }
        guard isDone else { throw .outOfMemory }
        return ByteBuffer(bytes: room.readableBytesView)
    }

    private func zstandard(_ body: RawSpan, level: Int32, dictionary: ZstdDictionary?) -> Bool {
        // SAFETY: the context is ours alone; parameters are within bounds for every level in use.
        unsafe ZSTD_CCtx_reset(zstd, ZSTD_reset_session_and_parameters)
        unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level)
        if let dictionary {
            // All of the dictionary stays in reach to the end of the body, as far as receivers must go.
            let reach = UInt64(dictionary.count) + UInt64(body.byteCount)
            let windowLog = max(17, min(Self.windowLogMax, UInt64.bitWidth - reach.leadingZeroBitCount))
            unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, Int32(windowLog))
            guard unsafe ZSTD_isError(ZSTD_CCtx_refCDict(zstd, dictionary.prepared)) == 0 else { return false }
        }
        return unsafe written(ZSTD_compressBound(body.byteCount)) { room in
            unsafe body.withUnsafeBytes { bytes in
                let count = unsafe ZSTD_compress2(zstd, room.baseAddress, room.count, bytes.baseAddress, bytes.count)
                return ZSTD_isError(count) == 0 ? count : 0
            }
        }
    }

    private func gzip(_ body: RawSpan, _ effort: CompressionEffort) throws(CompressionError) -> Bool {
        // SAFETY: the compressor is ours alone.
        if effort == .live { return unsafe gzip(body, with: deflate) }
        // SAFETY: checked, and freed before it goes out of scope.
        guard let other = unsafe libdeflate_alloc_compressor(effort.gzipLevel) else { throw .outOfMemory }
        defer { unsafe libdeflate_free_compressor(other) }
        return unsafe gzip(body, with: other)
    }

    @unsafe private func gzip(_ body: RawSpan, with deflate: OpaquePointer) -> Bool {
        // SAFETY: the compressor is ours alone, and both regions are valid for the call.
        unsafe written(libdeflate_gzip_compress_bound(deflate, body.byteCount)) { room in
            unsafe body.withUnsafeBytes { bytes in
                unsafe libdeflate_gzip_compress(deflate, bytes.baseAddress, bytes.count, room.baseAddress, room.count)
            }
        }
    }

    private func brotli(_ body: RawSpan, _ effort: CompressionEffort) -> Bool {
        // An empty body has no bound of its own.
        let bound = max(16, BrotliEncoderMaxCompressedSize(body.byteCount))
        // SAFETY: both regions are valid for the call, and the count goes in as the room there is.
        return unsafe written(bound) { room in
            unsafe body.withUnsafeBytes { bytes in
                var count = room.count
                let isDone = unsafe BrotliEncoderCompress(
                    effort.brotliQuality,
                    BROTLI_DEFAULT_WINDOW,
                    BROTLI_MODE_TEXT,
                    bytes.count,
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    &count,
                    room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
                return isDone == BROTLI_TRUE ? count : 0
            }
        }
    }

    /// Lets `body` fill the room, at most `bound` bytes; false where it wrote none, as all three do when they fail.
    private func written(_ bound: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
        // SAFETY: the libraries report how much they have written, never more than there is room.
        unsafe room.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { unsafe body($0) } > 0
    }
}
