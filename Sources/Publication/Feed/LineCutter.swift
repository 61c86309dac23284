/// Cuts a stream of bytes, arriving in pieces of any size, into lines that end with a line feed.
///
/// Costs each byte one look and one copy; keeps the beginning of one line, at most `bytesMax` bytes of it.
package struct LineCutter: Sendable {
    /// The longest line, in bytes, without its line feed.
    package let bytesMax: Int
    private var rest: [UInt8] = []

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether a line has begun and not ended.
    package var isWithinLine: Bool { !rest.isEmpty }

    /// The lines that are complete with this piece, without their line feeds; empty lines are left out.
    ///
    /// - Throws: `damaged` for a line that is too long; nothing is to be read after that.
    package mutating func cut(_ piece: some Sequence<UInt8>) throws(PublicationError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in piece {
            if byte == UInt8(ascii: "\n") {
                if !rest.isEmpty { lines.append(rest) }
                rest = []
            } else {
                guard rest.count < bytesMax else {
                    throw .damaged("a stream of lines", reason: "a line has more than \(bytesMax) bytes")
                }
                rest.append(byte)
            }
        }
        return lines
    }
}
