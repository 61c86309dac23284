/// The fields of one line of CSV (RFC 4180), without its line feed.
struct ExportLine: Sendable {
    struct Field: Sendable {
        var text: String
        /// Whether it stood in quotation marks: an empty text and not the lack of one.
        var isQuoted: Bool
    }

    let fields: [Field]

    /// `nil` for a line that is not CSV, is not UTF-8 or has control characters.
    ///
    /// Of more fields than `fieldsMax` only one more is there.
    init?(_ line: ArraySlice<UInt8>, fieldsMax: Int) {
        var fields: [Field] = []
        fields.reserveCapacity(fieldsMax)
        var index = line.startIndex
        let end = line.endIndex
        while true {
            if index < end, line[index] == UInt8(ascii: "\"") {
                guard let (text, next) = Self.quoted(line, from: index + 1) else { return nil }
                fields.append(Field(text: text, isQuoted: true))
                index = next
                guard index == end || line[index] == UInt8(ascii: ",") else { return nil }
            } else {
                let start = index
                while index < end, line[index] != UInt8(ascii: ",") {
                    let byte = line[index]
                    if byte == UInt8(ascii: "\"") || Self.isControl(byte) { return nil }
                    index += 1
                }
                guard let text = String(validating: line[start..<index], as: UTF8.self) else { return nil }
                fields.append(Field(text: text, isQuoted: false))
            }
            if index == end { break }
            if fields.count > fieldsMax { break }
            index += 1
        }
        self.fields = fields
    }

    /// A field in quotation marks, from behind the first one; where the line goes on behind the second.
    private static func quoted(_ line: ArraySlice<UInt8>, from start: Int) -> (String, Int)? {
        var bytes: [UInt8] = []
        var index = start
        while index < line.endIndex {
            let byte = line[index]
            index += 1
            if isControl(byte) { return nil }
            guard byte == UInt8(ascii: "\"") else {
                bytes.append(byte)
                continue
            }
            guard index < line.endIndex, line[index] == UInt8(ascii: "\"") else {
                return String(validating: bytes, as: UTF8.self).map { ($0, index) }
            }
            bytes.append(byte)
            index += 1
        }
        return nil
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }
}
