/// The rows of one batch, all of one table, ordered by key.
enum BatchRows: Hashable, Sendable {
    case daily([DailyRow])
    case payouts([PayoutRow])

    var count: Int {
        switch self {
        case .daily(let rows): rows.count
        case .payouts(let rows): rows.count
        }
    }

    /// Reads lines as the queue keeps them.
    ///
    /// - Throws: The flaw with the line's place, from 1.
    init(_ table: ExportTable, lines: [UInt8]) throws(LineFlaw) {
        switch table {
        case .creatorDaily:
            var rows: [DailyRow] = []
            try Self.each(lines) { line throws(RowFlaw) in rows.append(try DailyRow(line)) }
            self = .daily(rows)
        case .payouts:
            var rows: [PayoutRow] = []
            try Self.each(lines) { line throws(RowFlaw) in rows.append(try PayoutRow(line)) }
            self = .payouts(rows)
        }
    }

    private static func each(
        _ lines: [UInt8],
        _ body: (ExportLine) throws(RowFlaw) -> Void
    ) throws(LineFlaw) {
        var start = 0
        var number = 1
        while start < lines.count {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            do throws(RowFlaw) {
                guard let line = ExportLine(lines[start..<end], fieldsMax: 6) else { throw .malformed }
                try body(line)
            } catch {
                throw LineFlaw(line: number, flaw: error)
            }
            start = end + 1
            number += 1
        }
    }
}
