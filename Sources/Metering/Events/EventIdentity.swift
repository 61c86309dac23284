import Crypto

/// What an event is told apart by: 128 bits of a SHA-256 over its source and id.
package struct EventIdentity: Hashable, Sendable {
    /// Bytes 0 to 7 of the hash, big-endian, signed.
    package let high: Int64
    /// Bytes 8 to 15.
    package let low: Int64

    /// The identity of an event with this `source` and `id`, both in UTF-8: the hash is over the number of bytes of
    /// `source` (four bytes, big-endian), `source` and `id`.
    package init(source: some Collection<UInt8>, id: some Collection<UInt8>) {
        var room: [UInt8] = []
        self.init(source: source, id: id, room: &room)
    }

    @inline(__always)
    init(source: some Collection<UInt8>, id: some Collection<UInt8>, room: inout [UInt8]) {
        room.removeAll(keepingCapacity: true)
        let count = UInt32(source.count)
        for shift in [24, 16, 8, 0] as [UInt32] { room.append(UInt8(truncatingIfNeeded: count >> shift)) }
        room += source
        room += id
        (high, low) = Self.words(of: SHA256.hash(data: room))
    }

    /// The first two words of a digest.
    static func words(of digest: SHA256.Digest) -> (Int64, Int64) {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in digest.enumerated() {
            if index < 8 {
                words.0 = words.0 << 8 | UInt64(byte)
            } else if index < 16 {
                words.1 = words.1 << 8 | UInt64(byte)
            }
        }
        return (Int64(bitPattern: words.0), Int64(bitPattern: words.1))
    }
}
