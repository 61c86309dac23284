import NIOCore

/// What stands in the file that says that a number was shipped: `received_us` of the segment's newest line.
///
/// Nothing where no line has one, and in files of before.
enum ShippedNote {
    /// Longer ones are none.
    static let bytesMax = 32

    static func encoded(_ manifest: SegmentManifest) -> ByteBuffer {
        ByteBuffer(string: manifest.received.map { "\($0.upperBound)\n" } ?? "")
    }

    /// `nil` for an empty one, and for one that a crash has cut.
    static func received(_ note: ByteBuffer) -> Int64? {
        let text = String(buffer: note)
        return text.hasSuffix("\n") ? Int64(text.dropLast()) : nil
    }
}
