package import NIOCore

/// A part of a record's body, and what stands beside the body.
package struct DiskPiece: Hashable, Sendable {
    package var metadata: ByteBuffer
    /// The bytes of the range that was asked for, cut at the body's end.
    package var bytes: ByteBuffer
    /// Length of the whole body in bytes.
    package var bodyBytes: Int
    package var costMilliseconds: Float
    /// Milliseconds since 1970.
    package var storedMilliseconds: Int64
}

extension DiskPiece {
    /// The part `range` of a whole record.
    init(_ record: DiskRecord, _ range: Range<Int>) {
        let range = range.clamped(to: 0..<record.body.readableBytes)
        let start = record.body.readerIndex + range.lowerBound
        self.init(
            metadata: record.metadata,
            bytes: record.body.getSlice(at: start, length: range.count) ?? ByteBuffer(),
            bodyBytes: record.body.readableBytes,
            costMilliseconds: record.costMilliseconds,
            storedMilliseconds: record.storedMilliseconds
        )
    }
}
