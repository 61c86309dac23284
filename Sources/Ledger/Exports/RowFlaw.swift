/// What is wrong with a line of an export.
enum RowFlaw: Error, Hashable, Sendable {
    /// Not CSV, not UTF-8, or with control characters.
    case malformed
    /// Not the table's number of fields.
    case fields
    /// The column's value cannot be one.
    case column(String)
    /// The key is not after the last one's.
    case order
}

extension RowFlaw: CustomStringConvertible {
    /// Without values: those are the creators'.
    var description: String {
        switch self {
        case .malformed: "not a line of CSV in UTF-8 without control characters"
        case .fields: "not as many fields as the header"
        case .column(let name): "the value of \(name) cannot be one"
        case .order: "its key does not come after the last line's"
        }
    }
}
