package import NIOCore

/// Keeps a record's bytes readable through a file descriptor, for `sendfile`, even if the record is evicted meanwhile.
///
/// The file and the space it takes are given back when the last reference goes: do not keep it longer than one
/// response takes to send.
package final class SegmentLease: Sendable {
    /// Open for reading; belongs to the lease, so it is never closed by others.
    ///
    /// Use only calls that take an offset.
    package var descriptor: Int32 { segment.file.descriptor }
    /// Where the body begins in the file.
    package let bodyOffset: Int
    package let bodyBytes: Int
    package let metadata: ByteBuffer
    package let costMilliseconds: Float
    /// Milliseconds since 1970.
    package let storedMilliseconds: Int64

    private let segment: Segment

    init(segment: Segment, front: RecordReading.Front) {
        self.segment = segment
        bodyOffset = front.bodyOffset
        bodyBytes = front.head.bodyBytes
        metadata = front.metadata
        costMilliseconds = front.head.costMilliseconds
        storedMilliseconds = front.head.storedMilliseconds
    }
}
