/// An array in PostgreSQL's text form (manual, 8.15.6), built element by element.
struct PostgresArray: Sendable {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isEmpty = true

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// An element that needs no quotation marks: digits, points, signs, letters.
    mutating func append(plain text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The whole array; nothing may be added after it.
    consuming func parameter() -> PostgresParameter {
        bytes.append(UInt8(ascii: "}"))
        return .text(bytes)
    }

    private mutating func separate() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
    }
}
