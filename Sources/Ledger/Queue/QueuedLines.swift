/// A batch as the queue gives it back.
struct QueuedLines: Sendable {
    var export: Int64
    var position: Int
    var relation: String
    var lines: [UInt8]

    /// - Throws: `damaged` for what no program of this schema's version has put there.
    func rows() throws(LedgerError) -> BatchRows {
        guard let table = ExportTable(rawValue: relation) else { throw damaged(nil, "no such table: \(relation)") }
        do throws(LineFlaw) {
            return try BatchRows(table, lines: lines)
        } catch {
            throw damaged(error.line, "\(error.flaw)")
        }
    }

    private func damaged(_ line: Int?, _ reason: String) -> LedgerError {
        .damaged(
            DamagedExport(number: export, file: "batch \(position) in the queue", line: line, reason: reason)
        )
    }
}
