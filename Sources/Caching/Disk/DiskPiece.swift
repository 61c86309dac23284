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
