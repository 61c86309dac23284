/// What a database said when it failed.
package struct DatabaseFault: Hashable, Sendable {
    /// PostgreSQL's SQLSTATE, or SQLite's extended result code; `nil` where no database was reached.
    package var code: String?
    /// For people; without secrets and without values of rows.
    package var message: String

    package init(code: String? = nil, message: String) {
        self.code = code
        self.message = message
    }
}

extension DatabaseFault: CustomStringConvertible {
    package var description: String { code.map { "\(message) (\($0))" } ?? message }
}
