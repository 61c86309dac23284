import CLibPQ

/// The rows of one statement, in PostgreSQL's binary form.
@safe final class PostgresResult {
    private let result: OpaquePointer

    /// Takes the result over and frees it in the end.
    init(_ result: OpaquePointer) {
        // SAFETY: the pointer is kept, and freed by this object alone.
        unsafe self.result = unsafe result
    }

    deinit {
        // SAFETY: nothing else frees it, and nobody uses it any more.
        unsafe PQclear(result)
    }

    var rows: Int {
        // SAFETY: reads a number of the result, which lives as long as this object.
        Int(unsafe PQntuples(result))
    }

    var columns: Int {
        // SAFETY: as above.
        Int(unsafe PQnfields(result))
    }

    /// Whether the statement went well.
    var isGood: Bool {
        // SAFETY: as above.
        let status = unsafe PQresultStatus(result)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    /// SQLSTATE of a statement that failed.
    var state: String? {
        // SAFETY: the text is the result's and is copied at once; 67 is 'C', PG_DIAG_SQLSTATE.
        unsafe PQresultErrorField(result, 67).map { unsafe String(cString: $0) }
    }

    /// The server's first line on what went wrong; it has no values of rows, those are in the detail.
    var message: String {
        // SAFETY: as above; 77 is 'M', PG_DIAG_MESSAGE_PRIMARY.
        unsafe PQresultErrorField(result, 77).map { unsafe String(cString: $0) } ?? "the statement failed"
    }

    /// Rows that the statement wrote or removed.
    var rowsChanged: Int {
        // SAFETY: as above.
        Int(unsafe String(cString: PQcmdTuples(result))) ?? 0
    }

    /// A value's bytes; none for NULL.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        let (row, column) = (Int32(row), Int32(column))
        // SAFETY: libpq gives a pointer to as many bytes as it says, which are copied at once.
        let count = Int(unsafe PQgetlength(result, row, column))
        // SAFETY: as above.
        guard count > 0, let start = unsafe PQgetvalue(result, row, column) else { return [] }
        // SAFETY: as above.
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

    /// A `smallint`, `integer` or `bigint`; 0 for NULL.
    func number(_ row: Int, _ column: Int) -> Int64 {
        let bytes = bytes(row, column)
        guard let first = bytes.first else { return 0 }
        return bytes.dropFirst().reduce(Int64(Int8(bitPattern: first))) { $0 << 8 | Int64($1) }
    }

    func flag(_ row: Int, _ column: Int) -> Bool { bytes(row, column) == [1] }
}
