/// Percent-encoding by the sets of the URL Standard.
enum PercentEncoding {
    /// Beyond ASCII, control characters and these are encoded.
    static let fragment = " \"<>`"
    static let query = " \"#<>"
    static let specialQuery = " \"#<>'"
    static let path = " \"#<>?`{}^"
    static let userInfo = " \"#<>?`{}/:;=@[\\]^|"
    static let control = ""

    static func encoded(_ text: String, _ set: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x20 || byte > 0x7E || set.utf8.contains(byte) {
                bytes.append(0x25)
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = value(bytes[index + 1]),
                let low = value(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x37 + value
    }

    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
