import CBrotli

/// A Brotli stream (RFC 7932) to bytes, in a loop over a piece of output at a time.
enum BrotliReader {
    private static let pieceBytes = 128 << 10

    static func read(_ body: [UInt8], bytesMax: Int) throws(CompressionError) -> [UInt8] {
        // SAFETY: freed at the end of this function, and used by it alone.
        guard let state = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else { throw .outOfMemory }
        defer { unsafe BrotliDecoderDestroyInstance(state) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        var position = 0
        while true {
            // SAFETY: both regions are valid for the call; the library counts down what is left of them.
            let (outcome, left, room) = unsafe piece.withUnsafeMutableBytes { into in
                unsafe body.withUnsafeBytes { bytes in
                    var left = bytes.count - position
                    var next = unsafe bytes.baseAddress?.advanced(by: position).assumingMemoryBound(to: UInt8.self)
                    var room = into.count
                    var place = unsafe into.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    let outcome = unsafe BrotliDecoderDecompressStream(state, &left, &next, &room, &place, nil)
                    return (outcome, left, room)
                }
            }
            let produced = pieceBytes - room
            guard output.count + produced <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
            output += piece.prefix(produced)
            position = body.count - left
            switch outcome {
            case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
            case BROTLI_DECODER_RESULT_SUCCESS where left == 0: return output
            default: throw .malformed
            }
        }
    }
}
