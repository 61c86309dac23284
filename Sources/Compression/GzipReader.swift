import CDeflate

/// gzip members (RFC 1952) to bytes: room is guessed, and doubled until a member fits.
enum GzipReader {
    static func read(_ body: [UInt8], bytesMax: Int) throws(CompressionError) -> [UInt8] {
        // SAFETY: freed at the end of this function, and used by it alone.
        guard let reader = unsafe libdeflate_alloc_decompressor() else { throw .outOfMemory }
        defer { unsafe libdeflate_free_decompressor(reader) }
        var output: [UInt8] = []
        var position = 0
        repeat {
            var room = min(bytesMax, max(4_096, (body.count - position) * 4))
            while true {
                var piece = [UInt8](repeating: 0, count: room)
                // SAFETY: both regions are valid for the call; the library reports how much it read and wrote.
                let (outcome, consumed, produced) = unsafe piece.withUnsafeMutableBytes { into in
                    unsafe body.withUnsafeBytes { bytes in
                        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
                        var consumed = 0
                        var produced = 0
                        let outcome = unsafe libdeflate_gzip_decompress_ex(
                            reader,
                            rest.baseAddress,
                            rest.count,
                            into.baseAddress,
                            into.count,
                            &consumed,
                            &produced
                        )
                        return (outcome, consumed, produced)
                    }
                }
                if outcome == LIBDEFLATE_INSUFFICIENT_SPACE {
                    guard room < bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
                    room = min(bytesMax, room * 2)
                    continue
                }
                guard outcome == LIBDEFLATE_SUCCESS else { throw .malformed }
                guard output.count + produced <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
                output += piece.prefix(produced)
                position += consumed
                break
            }
        } while position < body.count
        return output
    }
}
