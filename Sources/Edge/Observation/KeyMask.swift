/// Keeps keys of apps out of logs: they stand in the paths that GrowthBook's clients ask.
enum KeyMask {
    /// Digits of a key that stay, enough to tell keys apart by the hints that operators see.
    private static let hintDigits = 4
    private static let digits = 32

    /// The text with every key (`vc_` or `vs_` and 32 hexadecimal digits) cut down to its hint.
    static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 3 + digits else { return text }
        var kept: [UInt8] = []
        var isChanged = false
        var position = 0
        while position < bytes.count {
            guard isKey(bytes, at: position) else {
                kept.append(bytes[position])
                position += 1
                continue
            }
            kept += bytes[position..<position + 3 + hintDigits] + Array("…".utf8)
            position += 3 + digits
            isChanged = true
        }
        return isChanged ? String(decoding: kept, as: UTF8.self) : text
    }

    private static func isKey(_ bytes: [UInt8], at position: Int) -> Bool {
        guard bytes.count - position >= 3 + digits, bytes[position] == UInt8(ascii: "v"),
            bytes[position + 1] == UInt8(ascii: "c") || bytes[position + 1] == UInt8(ascii: "s"),
            bytes[position + 2] == UInt8(ascii: "_")
        else { return false }
        return bytes[position + 3..<position + 3 + digits].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
            default: false
            }
        }
    }
}
