/// What PostgreSQL's error codes are to a caller (manual, appendix A).
enum PostgresFailure {
    static func error(state: String, message: String) -> LedgerError {
        let fault = DatabaseFault(code: state, message: message)
        switch state {
        // Cancelled, here or by an administrator; a lock that did not come; a standby that does not write.
        case "57014", "55P03", "25006": return .unavailable(fault)
        default: break
        }
        switch state.prefix(2) {
        // Connections; transactions that lost to others; resources; operator intervention; the server's system.
        case "08", "25", "40", "53", "57", "58": return .unavailable(fault)
        default: return .rejected(fault)
        }
    }
}
