import Caching
import NIOCore

extension SegmentFile {
    /// Writes all of `pieces` from `offset` on.
    func writeAll(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) {
        var position = offset
        var first = 0
        var pieces = pieces
        while first < pieces.count {
            var written = try write(Array(pieces[first...]), at: position)
            position += written
            while first < pieces.count, written >= pieces[first].readableBytes {
                written -= pieces[first].readableBytes
                first += 1
            }
            if first < pieces.count { pieces[first].moveReaderIndex(forwardBy: written) }
        }
    }
}
