/// The body of a 206 with several parts (RFC 9110 sections 14.6 and 15.3.7.2).
package struct MultipartByteRanges: Hashable, Sendable {
    package enum Piece: Hashable, Sendable {
        /// ASCII: boundaries and part heads.
        case text(String)
        /// Positions in the representation, half-open.
        case bytes(Range<Int>)
    }

    /// What to send, in order.
    package let pieces: [Piece]
    /// The value of `Content-Type`.
    package let contentType: String

    /// `boundary` is 1 to 70 letters and digits; `contentType` is that of the representation, if known.
    package init(_ ranges: [Range<Int>], completeLength: Int, contentType: String?, boundary: String) {
        var pieces: [Piece] = []
        for (index, range) in ranges.enumerated() {
            var head = (index == 0 ? "" : "\r\n") + "--\(boundary)\r\n"
            if let contentType { head += "Content-Type: \(contentType)\r\n" }
            head += "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(completeLength)\r\n\r\n"
            pieces += [.text(head), .bytes(range)]
        }
        pieces.append(.text("\r\n--\(boundary)--\r\n"))
        self.pieces = pieces
        self.contentType = "multipart/byteranges; boundary=\(boundary)"
    }

    /// Bytes of the whole body.
    package var byteCount: Int {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .text(let text): sum + text.utf8.count
            case .bytes(let range): sum + range.count
            }
        }
    }
}
