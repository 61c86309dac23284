/// Lines of a CSV trace (RFC 4180 without line ends inside quotes) to requests.
struct CSVTraceDecoder: Sendable {
    /// Longest line in bytes.
    static let lineMax = 64 << 10

    private var layout: CSVLayout
    private var line: [UInt8] = []
    private(set) var lineNumber = 1
    private var hasFirst = false
    private(set) var skipped = 0

    init(layout: CSVLayout) { self.layout = layout }

    mutating func feed(_ chunk: [UInt8], into sink: (TraceRequest) -> Void) throws(TraceError) {
        for byte in chunk {
            if byte == UInt8(ascii: "\n") {
                try endLine(into: sink)
                lineNumber += 1
            } else {
                guard line.count < Self.lineMax else {
                    throw .badLine(lineNumber, reason: "longer than \(Self.lineMax) bytes")
                }
                line.append(byte)
            }
        }
    }

    mutating func finish(into sink: (TraceRequest) -> Void) throws(TraceError) { try endLine(into: sink) }

    private mutating func endLine(into sink: (TraceRequest) -> Void) throws(TraceError) {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else { return }
        let fields = try fields()
        if !hasFirst {
            hasFirst = true
            if try begin(fields) { return }
        }
        guard let request = try request(fields) else {
            skipped += 1
            return
        }
        sink(request)
    }

    /// Settles the columns by the first line; `true` if it is a header.
    private mutating func begin(_ fields: [[UInt8]]) throws(TraceError) -> Bool {
        let names = fields.map { String(decoding: $0, as: UTF8.self).lowercased() }
        let idNames = ["id", "obj_id", "obj-id", "object", "object_id", "key"]
        let sizeNames = ["size", "obj_size", "obj-size", "bytes", "object_size"]
        let costNames = ["cost", "cost_ms", "render_ms", "ms", "milliseconds"]
        func column(_ wanted: [String]) -> Int? { names.firstIndex(where: wanted.contains).map { $0 + 1 } }
        let supposedSize = layout.sizeColumn ?? (fields.count >= 3 ? 3 : nil)
        let isUnreadable = supposedSize.map { $0 > fields.count || Self.number(fields[$0 - 1]) == nil } ?? false
        let isHeader = layout.hasHeader ?? (column(idNames) != nil || isUnreadable)
        if isHeader {
            layout.idColumn = layout.idColumn ?? column(idNames)
            layout.sizeColumn = layout.sizeColumn ?? column(sizeNames)
            layout.costColumn = layout.costColumn ?? column(costNames)
            guard layout.idColumn != nil else {
                throw .badLine(lineNumber, reason: "a header without a column \"id\"; name it with obj-id-col")
            }
        } else if layout.idColumn == nil {
            layout.idColumn = fields.count == 1 ? 1 : 2
            layout.sizeColumn = layout.sizeColumn ?? (fields.count >= 3 ? 3 : nil)
            layout.costColumn = layout.costColumn ?? (fields.count >= 4 ? 4 : nil)
        }
        return isHeader
    }

    /// `nil` for an object without bytes, which is skipped as libCacheSim does.
    private func request(_ fields: [[UInt8]]) throws(TraceError) -> TraceRequest? {
        let id = Self.id(try field(layout.idColumn ?? 2, of: fields))
        var request = TraceRequest(id: id)
        if let column = layout.sizeColumn {
            guard let size = Self.number(try field(column, of: fields)) else {
                throw .badLine(lineNumber, reason: "column \(column) is not a size in bytes below 4 GiB")
            }
            request.size = size
        }
        if let column = layout.costColumn {
            let text = String(decoding: try field(column, of: fields), as: UTF8.self)
            guard let cost = Float(text), cost.isFinite, cost >= 0 else {
                throw .badLine(lineNumber, reason: "column \(column) is not a cost in milliseconds")
            }
            request.cost = cost
        }
        return request.size == 0 ? nil : request
    }

    private func field(_ column: Int, of fields: [[UInt8]]) throws(TraceError) -> [UInt8] {
        guard column <= fields.count, !fields[column - 1].isEmpty else {
            throw .badLine(lineNumber, reason: "there is no column \(column)")
        }
        return fields[column - 1]
    }

    private func fields() throws(TraceError) -> [[UInt8]] {
        let quote = UInt8(ascii: "\"")
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            if isQuoted {
                if byte != quote {
                    fields[fields.count - 1].append(byte)
                } else if index + 1 < line.count, line[index + 1] == quote {
                    fields[fields.count - 1].append(quote)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == layout.delimiter {
                fields.append([])
            } else if byte == quote && fields[fields.count - 1].isEmpty {
                isQuoted = true
            } else if byte != UInt8(ascii: " ") || !fields[fields.count - 1].isEmpty {
                fields[fields.count - 1].append(byte)
            }
            index += 1
        }
        guard !isQuoted else { throw .badLine(lineNumber, reason: "a quote is not closed") }
        return fields
    }

    /// A decimal number of at most 32 bits; `nil` for anything else.
    private static func number(_ bytes: [UInt8]) -> UInt32? {
        guard let number = decimal(bytes), number <= UInt32.max else { return nil }
        return UInt32(number)
    }

    /// A number is its own id; other texts are hashed (FNV-1a, 64 bits).
    private static func id(_ bytes: [UInt8]) -> UInt64 {
        if let number = decimal(bytes) { return number }
        return bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func decimal(_ bytes: [UInt8]) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeAdded) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            if isTooLarge || isTooLargeAdded { return nil }
            number = sum
        }
        return number
    }
}
