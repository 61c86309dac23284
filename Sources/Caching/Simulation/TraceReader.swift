/// Reads a trace in pieces of any length, in bounded memory: at most one record or line is held back.
///
///     var reader = TraceReader(format: .oracleGeneral)
///     while let chunk = next() { try reader.feed(chunk) { trace.append($0) } }
///     try reader.finish { trace.append($0) }
///
/// Requests for objects without bytes are skipped and counted, as libCacheSim does. After an error the reader is
/// useless.
package struct TraceReader: Sendable {
    private let recordLength: Int
    private let format: TraceFormat
    private var lines: CSVTraceDecoder?
    /// The beginning of a record whose end has not come yet.
    private var rest: [UInt8] = []
    /// Of the first byte of `rest`.
    private var offset = 0
    private var skippedRecords = 0

    package init(format: TraceFormat) {
        self.format = format
        switch format {
        case .oracleGeneral: recordLength = 24
        case .bigEndian32: recordLength = 4
        case .bigEndian64: recordLength = 8
        case .csv(let layout):
            recordLength = 0
            lines = CSVTraceDecoder(layout: layout)
        }
    }

    /// Requests left out because their object has no bytes.
    package var skipped: Int { skippedRecords + (lines?.skipped ?? 0) }

    /// Takes the next bytes of the trace and passes on the requests that they complete.
    ///
    /// - Throws: `TraceError.badLine`.
    package mutating func feed(_ chunk: [UInt8], into sink: (TraceRequest) -> Void) throws(TraceError) {
        if lines != nil {
            try lines?.feed(chunk, into: sink)
            return
        }
        var start = 0
        if !rest.isEmpty {
            start = min(recordLength - rest.count, chunk.count)
            rest += chunk[..<start]
            guard rest.count == recordLength else { return }
            pass(rest, at: 0, to: sink)
            offset += recordLength
            rest.removeAll(keepingCapacity: true)
        }
        while chunk.count - start >= recordLength {
            pass(chunk, at: start, to: sink)
            start += recordLength
            offset += recordLength
        }
        rest += chunk[start...]
    }

    /// The trace is complete.
    ///
    /// - Throws: `TraceError.truncated` if it ends within a record, `badLine` for a bad last line.
    package mutating func finish(into sink: (TraceRequest) -> Void) throws(TraceError) {
        try lines?.finish(into: sink)
        guard rest.isEmpty else { throw .truncated(offset: offset) }
    }

    private mutating func pass(_ bytes: [UInt8], at start: Int, to sink: (TraceRequest) -> Void) {
        switch format {
        case .oracleGeneral:
            let id = Self.littleEndian(bytes[start + 4..<start + 12])
            let size = UInt32(Self.littleEndian(bytes[start + 12..<start + 16]))
            if size == 0 { skippedRecords += 1 } else { sink(TraceRequest(id: id, size: size)) }
        case .bigEndian32, .bigEndian64:
            var id: UInt64 = 0
            for byte in bytes[start..<start + recordLength] { id = id << 8 | UInt64(byte) }
            sink(TraceRequest(id: id))
        case .csv: break
        }
    }

    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
