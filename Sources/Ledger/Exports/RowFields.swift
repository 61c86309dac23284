/// Reads the values of columns.
enum RowFields {
    static func text(_ field: ExportLine.Field, _ name: String, bytesMax: Int) throws(RowFlaw) -> String {
        guard (1...bytesMax).contains(field.text.utf8.count) else { throw .column(name) }
        return field.text
    }

    static func flag(_ field: ExportLine.Field, _ name: String) throws(RowFlaw) -> Bool {
        switch field.text {
        case "0": return false
        case "1": return true
        default: throw .column(name)
        }
    }

    static func uses(_ field: ExportLine.Field, mayLack: Bool) throws(RowFlaw) -> Int64 {
        if field.text.isEmpty, mayLack { return 0 }
        guard let uses = Int64(field.text), field.text.utf8.first != UInt8(ascii: "+") else { throw .column("uses") }
        return uses
    }

    static func amount(_ field: ExportLine.Field, mayLack: Bool) throws(RowFlaw) -> ExactAmount {
        guard let amount = ExactAmount(field.text.isEmpty && mayLack ? "0" : field.text) else {
            throw .column("amount")
        }
        return amount
    }

    /// Negative, zero or positive, by UTF-8 bytes.
    static func order(_ left: String, _ right: String) -> Int {
        if left.utf8.elementsEqual(right.utf8) { return 0 }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }
}
