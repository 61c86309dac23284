/// Which column of a CSV trace is what.
///
/// Columns count from 1. Without a description they are found by the header's names; without a header they are time,
/// id, size and cost in that order, or the id alone where there is one column.
package struct CSVLayout: Hashable, Sendable {
    package var delimiter: UInt8 = UInt8(ascii: ",")
    /// `nil`: a header is recognised by its size column not being a number, or by its names.
    package var hasHeader: Bool?
    package var idColumn: Int?
    package var sizeColumn: Int?
    package var costColumn: Int?

    package init() {}

    /// Reads libCacheSim's way of saying it, such as `time-col=1,obj-id-col=2,obj-size-col=3,has-header=true`; ours is
    /// `cost-col`, and `delimiter` may be `tab`.
    ///
    /// - Throws: `TraceError.badLayout`.
    package init(parsing text: String) throws(TraceError) {
        for pair in text.split(separator: ",") where !pair.allSatisfy(\.isWhitespace) {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2 else { throw .badLayout(text) }
            switch parts[0] {
            case "time-col": _ = try Self.column(parts[1], text)
            case "obj-id-col", "id-col": idColumn = try Self.column(parts[1], text)
            case "obj-size-col", "size-col": sizeColumn = try Self.column(parts[1], text)
            case "cost-col": costColumn = try Self.column(parts[1], text)
            case "has-header":
                guard let value = Bool(parts[1]) else { throw .badLayout(text) }
                hasHeader = value
            case "delimiter":
                let name = parts[1] == "tab" ? "\t" : parts[1]
                guard name.utf8.count == 1, let byte = name.utf8.first else { throw .badLayout(text) }
                delimiter = byte
            default: throw .badLayout(text)
            }
        }
    }

    private static func column(_ text: String, _ whole: String) throws(TraceError) -> Int {
        guard let column = Int(text), (1...1000).contains(column) else { throw .badLayout(whole) }
        return column
    }
}
