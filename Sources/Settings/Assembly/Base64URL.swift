/// Base 64 with the URL-safe alphabet and without padding (RFC 4648 §5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The place of each ASCII character in the alphabet, 64 for others.
    private static let places: [UInt8] = {
        var places = [UInt8](repeating: 64, count: 256)
        for (place, character) in alphabet.enumerated() { places[Int(character)] = UInt8(place) }
        return places
    }()

    static func text(of bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        let alphabet = Self.alphabet
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = (pending &<< 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending &>> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending &<< (6 - bits) & 63)]) }
        return text
    }

    /// `nil` for characters outside the alphabet, for a length no text has, and for set bits after the last byte.
    static func bytes(of text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let places = Self.places
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for character in text {
            let place = places[Int(character)]
            guard place < 64 else { return nil }
            pending = (pending &<< 6 | UInt32(place)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending &>> bits))
            }
        }
        guard pending & ((1 &<< bits) - 1) == 0 else { return nil }
        return bytes
    }
}
