import Caching
import Compression
import Crypto
import DeliveryTypes
import Glibc
import NIOCore

/// A file of compressed lines that is being written.
struct SealedBody: ~Copyable {
    /// Bytes that are written and synchronised at once: appending must not wait behind all of a segment.
    private static let pieceBytes = 1 << 20

    /// Bytes that were written.
    private(set) var bytes = 0

    private let file: any SegmentFile
    private var writer: ZstdWriter
    private var hash = SHA256()
    private var waiting = ByteBuffer()

    init(_ file: any SegmentFile, level: Int32) throws(MeteringError) {
        self.file = file
        do throws(CompressionError) {
            writer = try ZstdWriter(level: level)
        } catch {
            throw .disk(Self.noMemory)
        }
    }

    mutating func add(_ lines: ByteBuffer) throws(MeteringError) {
        do throws(CompressionError) {
            try writer.write(lines.readableBytesSpan, into: &waiting)
        } catch {
            throw .disk(Self.noMemory)
        }
        if waiting.readableBytes >= Self.pieceBytes { try flush() }
    }

    /// Ends the file, which is on the disk then; the SHA-256 of its bytes.
    mutating func finish() throws(MeteringError) -> ContentDigest {
        do throws(CompressionError) {
            try writer.finish(into: &waiting)
        } catch {
            throw .disk(Self.noMemory)
        }
        try flush()
        return ContentDigest(bytes: Array(hash.finalize()))
    }

    private mutating func flush() throws(MeteringError) {
        let piece = waiting
        let offset = bytes
        let file = file
        try meteringErrors { () throws(DiskFailure) in
            try file.writeAll([piece], at: offset)
            try file.synchronize()
        }
        hash.update(data: Array(piece.readableBytesView))
        bytes += piece.readableBytes
        waiting.clear()
    }

    private static let noMemory = DiskFailure(call: "ZSTD_compressStream2", code: ENOMEM)
}
