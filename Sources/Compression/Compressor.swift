package import HTTPSemantics
package import NIOCore
import Synchronization

/// Compresses whole bodies with libdeflate, libbrotli and libzstd.
///
/// Every verb is CPU work of milliseconds: call the synchronous ones off the event loops, or await the asynchronous
/// one, which leaves them by itself. Memory for compressing is kept between calls, at most `idleMax` sets of it, and
/// each is used by one thread at a time; any number of threads may call. Fails only for bodies above `bytesMax` and
/// without memory.
///
/// gzip members and zstd frames may be joined to one body of the same coding (RFC 1952 §2.2, RFC 8878 §3.1), so pieces
/// that were compressed at different times can be sent one after the other; br and dcz bodies cannot be joined.
package final class Compressor: Sendable {
    /// Bodies are at most this large, bytes.
    package static let bytesMax = 256 << 20

    private let idleMax: Int
    private let idle = Mutex<[Workspace]>([])

    /// - Parameter idleMax: sets of working memory that are kept, some 6 MB each after a document of 1.5 MB; as many as
    ///   there are processors is right.
    package init(idleMax: Int = 2) {
        precondition(idleMax >= 0)
        self.idleMax = idleMax
    }

    /// A body in a coding, in a buffer of just its size.
    ///
    /// CPU work: not for an event loop. `dcz` needs a dictionary, and its body begins with the dictionary's digest; the
    /// other codings do not look at it.
    ///
    /// - Throws: `tooLarge`, `wrongDictionary` for `dcz` without one, `outOfMemory`.
    package func compress(
        _ body: RawSpan,
        as coding: ContentCoding,
        dictionary: ZstdDictionary? = nil,
        effort: CompressionEffort = .live
    ) throws(CompressionError) -> ByteBuffer {
        guard body.byteCount <= Self.bytesMax else { throw .tooLarge(bytesMax: Self.bytesMax) }
        let workspace = try taken()
        defer { giveBack(workspace) }
        return try workspace.compress(body, as: coding, dictionary: dictionary, effort: effort)
    }

    /// As above, for the readable bytes of a buffer.
    package func compress(
        _ body: ByteBuffer,
        as coding: ContentCoding,
        dictionary: ZstdDictionary? = nil,
        effort: CompressionEffort = .live
    ) throws(CompressionError) -> ByteBuffer {
        if coding == .identity { return body }
        return try compress(body.readableBytesSpan, as: coding, dictionary: dictionary, effort: effort)
    }

    /// As above, for an array; for what is compressed at publish time.
    package func compress(
        _ body: [UInt8],
        as coding: ContentCoding,
        dictionary: ZstdDictionary? = nil,
        effort: CompressionEffort = .live
    ) throws(CompressionError) -> [UInt8] {
        // SAFETY: an array of UInt8 has no padding between its elements.
        let bytes = unsafe body.span.bytes
        let buffer: ByteBuffer = try compress(bytes, as: coding, dictionary: dictionary, effort: effort)
        return Array(buffer.readableBytesView)
    }

    /// As above, on a thread of the concurrency pool, wherever it is called from.
    @concurrent
    package func compressed(
        _ body: ByteBuffer,
        as coding: ContentCoding,
        dictionary: ZstdDictionary? = nil,
        effort: CompressionEffort = .live
    ) async throws(CompressionError) -> ByteBuffer {
        try compress(body, as: coding, dictionary: dictionary, effort: effort)
    }

    /// Sets of working memory that wait for use; for tests and metrics.
    package var idleCount: Int { idle.withLock { $0.count } }

    private func taken() throws(CompressionError) -> Workspace {
        if let workspace = idle.withLock({ $0.popLast() }) { return workspace }
        return try Workspace()
    }

    private func giveBack(_ workspace: Workspace) {
        workspace.shrink()
        idle.withLock { if $0.count < idleMax { $0.append(workspace) } }
    }
}
