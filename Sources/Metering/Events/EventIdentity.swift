/// What an event is told apart by: 128 bits of a SHA-256 over its source and id.
package struct EventIdentity: Hashable, Sendable {
    /// Bytes 0 to 7 of the hash, big-endian, signed.
    package let high: Int64
    /// Bytes 8 to 15.
    package let low: Int64

    /// The identity of an event with this `source` and `id`, both in UTF-8: the hash is over the number of bytes of
    /// `source` (four bytes, big-endian), `source` and `id`.
    package init(source: some Collection<UInt8>, id: some Collection<UInt8>) {
        let count = UInt32(source.count)
        var room = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        room += source
        room += id
        self.init(hashing: room.span)
    }

    /// `bytes` are what the hash is over.
    init(hashing bytes: Span<UInt8>) {
        let words = HashWords(of: bytes)
        (high, low) = (words.first, words.second)
    }
}
