/// Why the service database did not do what it was asked.
package enum LedgerError: Error, Sendable {
    /// The caller's fault: the text names no database.
    case badLocation(reason: String)
    /// An export is not what its manifest says, or has a row that cannot be one. Nothing of it was taken; trying again
    /// helps only after it was mended.
    case damaged(DamagedExport)
    /// The export after the last one is missing. Nothing was taken.
    case gap(expected: Int64, found: Int64)
    /// An export of that number was taken before, and it was another. Nothing was taken: the warehouse was made anew,
    /// and so must the database be.
    case replaced(number: Int64)
    /// The folder of exports could not be read. Trying again may help.
    case folder(reason: String)
    /// The database did not answer, or said to try again. Nothing was done, or all: asking again tells.
    case unavailable(DatabaseFault)
    /// The database answered, and will not do it. Trying again does not help before somebody has looked at it.
    case rejected(DatabaseFault)
    /// Too many wait for a connection already. Trying again soon may help.
    case crowded
    /// The answer would have more rows than the caller takes.
    case tooMany(limit: Int)
    /// The calling task was cancelled.
    case cancelled
    /// The database was closed.
    case closed
}

extension LedgerError: CustomStringConvertible {
    /// Without secrets.
    package var description: String {
        switch self {
        case .badLocation(let reason): "this names no service database: \(reason)"
        case .damaged(let damage): "\(damage)"
        case .gap(let expected, let found): "export \(expected) is missing; the next one there is \(found)"
        case .replaced(let number): "export \(number) is not the one that was taken before under this number"
        case .folder(let reason): "the folder of exports cannot be read: \(reason)"
        case .unavailable(let fault): "the service database is not available: \(fault)"
        case .rejected(let fault): "the service database refused: \(fault)"
        case .crowded: "too many wait for the service database"
        case .tooMany(let limit): "the answer has more than \(limit) rows"
        case .cancelled: "cancelled"
        case .closed: "closed"
        }
    }

    /// Whether the same call may succeed by itself later.
    package var isPassing: Bool {
        switch self {
        case .unavailable, .crowded, .folder, .cancelled: true
        case .badLocation, .damaged, .gap, .replaced, .rejected, .tooMany, .closed: false
        }
    }
}
