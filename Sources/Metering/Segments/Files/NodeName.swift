/// Which texts name a node: they stand in paths and keys.
enum NodeName {
    static let bytesMax = 64
    /// What else is in the collector's folder.
    private static let reserved = ["lock", "name", "requests"]

    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...bytesMax).contains(bytes.count), !reserved.contains(text) else { return false }
        return isLetterOrDigit(bytes[0])
            && bytes.allSatisfy { isLetterOrDigit($0) || [0x2d, 0x2e, 0x5f].contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
