import Hummingbird
import NIOCore
import Rendering

extension ResponseBody {
    static let pieceBytes = 256 << 10

    /// Streams a part of shared bytes in pieces, so that memory does not grow with their size.
    static func streaming(_ bytes: SharedBytes, range: Range<Int>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var position = range.lowerBound
            while position < range.upperBound {
                let piece = try bytes.read(at: position, count: min(pieceBytes, range.upperBound - position))
                guard piece.readableBytes > 0 else { throw SharedBytesError.outOfRange }
                position += piece.readableBytes
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}
