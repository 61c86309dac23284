/// A statement that each connection prepares when it first needs it.
struct PostgresStatement: Hashable, Sendable {
    /// Its name in the connection.
    let name: String
    let sql: String
}
