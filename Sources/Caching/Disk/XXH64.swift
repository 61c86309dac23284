import NIOCore

/// The checksum of segments: XXH64 (Yann Collet, xxHash specification 0.2.0), several bytes per cycle in plain code.
///
/// It finds what disks and torn writes do to bytes; it is no protection against somebody who forges them.
enum XXH64 {
    private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    /// The checksum of `length` readable bytes of `buffer` from `offset` on, counted from its reader index.
    static func checksum(of buffer: ByteBuffer, from offset: Int = 0, length: Int, seed: UInt64 = 0) -> UInt64 {
        precondition(offset >= 0 && length >= 0 && offset + length <= buffer.readableBytes)
        // SAFETY: the bounds were checked above, and the pointer does not leave the closure.
        return unsafe buffer.withUnsafeReadableBytes { bytes in
            unsafe checksum(of: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]), seed: seed)
        }
    }

    static func checksum(of buffer: ByteBuffer) -> UInt64 {
        checksum(of: buffer, length: buffer.readableBytes)
    }

    private static func checksum(of bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        // SAFETY: every load below is of 1, 4 or 8 bytes at `position` with that many bytes left before `end`.
        let count = bytes.count
        var position = 0
        var hash: UInt64
        if count >= 32 {
            var lane1 = seed &+ prime1 &+ prime2
            var lane2 = seed &+ prime2
            var lane3 = seed
            var lane4 = seed &- prime1
            while position <= count - 32 {
                // SAFETY: as above.
                lane1 = unsafe round(lane1, word(bytes, position))
                lane2 = unsafe round(lane2, word(bytes, position + 8))
                lane3 = unsafe round(lane3, word(bytes, position + 16))
                lane4 = unsafe round(lane4, word(bytes, position + 24))
                position += 32
            }
            hash = rotated(lane1, 1) &+ rotated(lane2, 7) &+ rotated(lane3, 12) &+ rotated(lane4, 18)
            hash = merged(merged(merged(merged(hash, lane1), lane2), lane3), lane4)
        } else {
            hash = seed &+ prime5
        }
        hash &+= UInt64(count)
        while position <= count - 8 {
            // SAFETY: as above.
            hash = unsafe rotated(hash ^ round(0, word(bytes, position)), 27) &* prime1 &+ prime4
            position += 8
        }
        if position <= count - 4 {
            // SAFETY: as above.
            let half = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            hash = rotated(hash ^ UInt64(half) &* prime1, 23) &* prime2 &+ prime3
            position += 4
        }
        while position < count {
            // SAFETY: as above.
            hash = unsafe rotated(hash ^ UInt64(bytes[position]) &* prime5, 11) &* prime1
            position += 1
        }
        return avalanche(hash)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        // SAFETY: the caller has eight bytes from `position` on.
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func merged(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word &<< count | word &>> (64 &- count)
    }

    private static func avalanche(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash = (hash ^ hash &>> 33) &* prime2
        hash = (hash ^ hash &>> 29) &* prime3
        return hash ^ hash &>> 32
    }
}
