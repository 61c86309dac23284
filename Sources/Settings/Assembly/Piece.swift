/// A text in a segment's memory: `,"name":value`.
///
/// Valid as long as its segment; whoever keeps pieces keeps the segments too.
// SAFETY: the memory is never written after it was filled, so threads may share the pointer.
@safe
struct Piece: @unchecked Sendable {
    // SAFETY: `count` readable bytes begin here as long as the segment lives.
    let start: UnsafeRawPointer
    let count: UInt32

    /// The text from a place on, copied.
    func bytes(from offset: Int = 0) -> [UInt8] {
        // SAFETY: within `count` bytes from `start`.
        unsafe Array(UnsafeRawBufferPointer(start: start + offset, count: Int(count) - offset))
    }
}
