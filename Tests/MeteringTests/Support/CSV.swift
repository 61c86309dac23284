/// Reads CSV (RFC 4180) with line feeds; an empty column without quotes is `nil`.
enum CSV {
    static func rows(_ text: String) -> [[String?]] {
        var rows: [[String?]] = []
        var row: [String?] = []
        var field: [UInt8] = []
        var wasQuoted = false
        var isInQuotes = false
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            if isInQuotes {
                if byte != UInt8(ascii: "\"") {
                    field.append(byte)
                } else if bytes.first == UInt8(ascii: "\"") {
                    field.append(byte)
                    bytes.removeFirst()
                } else {
                    isInQuotes = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInQuotes = true
                wasQuoted = true
            case UInt8(ascii: ","), UInt8(ascii: "\n"):
                row.append(field.isEmpty && !wasQuoted ? nil : String(decoding: field, as: UTF8.self))
                field = []
                wasQuoted = false
                if byte == UInt8(ascii: "\n") {
                    rows.append(row)
                    row = []
                }
            default: field.append(byte)
            }
        }
        return rows
    }
}
