import Crypto
import DeliveryTypes

/// Reads an export's parts batch by batch and checks all of it on the way.
///
/// What it has given may be used only once ``next()`` has said that nothing follows: the last bytes of a part may show
/// that it is not the one of the manifest. Blocks on the disk; memory is bounded by a batch and a piece of a file.
struct ExportReader: ~Copyable {
    private let export: UsageExport
    private let batchRows: Int
    private var rest: ArraySlice<ExportPart>
    private var current: OpenPart?
    private var position = 0
    /// The last row of each table, for the order.
    private var lastDaily: DailyRow?
    private var lastPayout: PayoutRow?

    /// A part that is being read.
    private struct OpenPart: ~Copyable {
        let part: ExportPart
        let file: PartFile
        var hash = SHA256()
        /// Bytes that were read and not yet given.
        var waiting: [UInt8] = []
        var start = 0
        /// Where to look for the next line feed.
        var searched = 0
        var bytes = 0
        /// Lines before `start`, the header included.
        var lines = 0
        var isAtEnd = false
    }

    init(_ export: UsageExport, batchRows: Int) {
        precondition((1...ExportLimits.batchRows).contains(batchRows), "a batch has 1 to 100,000 rows")
        self.export = export
        self.batchRows = batchRows
        rest = export.parts[...]
    }

    /// The next batch; `nil` when all was given and found right.
    ///
    /// - Throws: `damaged` or `folder`.
    mutating func next() throws(LedgerError) -> ExportBatch? {
        while true {
            if current == nil {
                guard let part = rest.popFirst() else { return nil }
                current = try open(part)
            }
            if let batch = try batchOfCurrent() { return batch }
            current = nil
        }
    }

    private func open(_ part: ExportPart) throws(LedgerError) -> OpenPart {
        let file = try PartFile(part.file, of: export.number, in: export.folder)
        guard file.size == part.bytes else {
            throw damaged(part, nil, "it has \(file.size) bytes, not \(part.bytes)")
        }
        return OpenPart(part: part, file: file)
    }

    /// Up to a batch's rows of the part that is open; `nil` at its end, when it was found right.
    private mutating func batchOfCurrent() throws(LedgerError) -> ExportBatch? {
        guard var open = current.take() else { return nil }
        var lines: [UInt8] = []
        var rows = 0
        while rows < batchRows, let line = try nextLine(&open) {
            if open.lines == 1 {
                guard line.elementsEqual(open.part.table.header.utf8) else {
                    throw damaged(open.part, 1, "another header")
                }
                continue
            }
            do throws(RowFlaw) {
                try check(line, of: open.part.table)
            } catch {
                throw damaged(open.part, open.lines, "\(error)")
            }
            lines += line
            lines.append(UInt8(ascii: "\n"))
            rows += 1
        }
        let table = open.part.table
        if rows == 0 { try checkEnd(of: open) }
        current = consume open
        guard rows > 0 else { return nil }
        defer { position += 1 }
        return ExportBatch(position: position, table: table, rows: rows, lines: lines)
    }

    /// The next line without its line feed; `nil` at the end.
    private func nextLine(_ open: inout OpenPart) throws(LedgerError) -> ArraySlice<UInt8>? {
        while true {
            if let end = open.waiting[open.searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = open.waiting[open.start..<end]
                open.start = end + 1
                open.searched = open.start
                open.lines += 1
                guard line.count <= ExportLimits.lineBytes else {
                    throw damaged(open.part, open.lines, "more than \(ExportLimits.lineBytes) bytes")
                }
                return line
            }
            guard open.waiting.count - open.start <= ExportLimits.lineBytes else {
                throw damaged(open.part, open.lines + 1, "more than \(ExportLimits.lineBytes) bytes")
            }
            guard !open.isAtEnd else {
                if open.start < open.waiting.count { throw damaged(open.part, open.lines + 1, "it has no end") }
                return nil
            }
            let piece = try open.file.next()
            open.isAtEnd = piece.isEmpty
            open.bytes += piece.count
            open.hash.update(data: piece)
            open.waiting = Array(open.waiting[open.start...]) + piece
            open.searched = open.waiting.count - piece.count
            open.start = 0
        }
    }

    private func checkEnd(of open: borrowing OpenPart) throws(LedgerError) {
        let part = open.part
        guard open.bytes == part.bytes else { throw damaged(part, nil, "it has \(open.bytes) bytes") }
        let digest = ContentDigest(bytes: Array(open.hash.finalize()))
        guard digest == part.sha256 else { throw damaged(part, nil, "its SHA-256 is \(digest.hex)") }
        guard open.lines - 1 == part.rows else {
            throw damaged(part, nil, "it has \(max(0, open.lines - 1)) rows, not \(part.rows)")
        }
    }

    private mutating func check(_ line: ArraySlice<UInt8>, of table: ExportTable) throws(RowFlaw) {
        guard let fields = ExportLine(line, fieldsMax: 6) else { throw .malformed }
        switch table {
        case .creatorDaily:
            let row = try DailyRow(fields)
            if let lastDaily, !lastDaily.precedes(row) { throw .order }
            lastDaily = row
        case .payouts:
            let row = try PayoutRow(fields)
            if let lastPayout, !lastPayout.precedes(row) { throw .order }
            lastPayout = row
        }
    }

    private func damaged(_ part: ExportPart, _ line: Int?, _ reason: String) -> LedgerError {
        .damaged(DamagedExport(number: export.number, file: part.file, line: line, reason: reason))
    }
}
