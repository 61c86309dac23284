package import HTTPSemantics
import HTTPTypes

/// Why a question about usage is not answered; the one place where that becomes a status and a public text.
package enum UsageProblem: Error, Hashable, Sendable {
    case method
    case noSuchPath
    /// What is wrong with the path or the query.
    case malformed(String)
    case creatorUnknown
    /// The answer would have more rows than this.
    case tooManyRows(Int)
    /// Too many ask already.
    case busy
    /// The database is away, or refuses.
    case unavailable(retryAfterSeconds: Int)

    init(_ error: LedgerError, limits: UsageLimits) {
        switch error {
        case .tooMany(let limit): self = .tooManyRows(limit)
        case .crowded: self = .busy
        default: self = .unavailable(retryAfterSeconds: limits.retryAfterSeconds)
        }
    }

    /// The problem document; what the database said is not in it.
    package var document: ProblemDocument {
        switch self {
        case .method:
            ProblemDocument(
                "method",
                status: .methodNotAllowed,
                title: "Method not allowed",
                detail: "This path takes GET, HEAD."
            )
        case .noSuchPath:
            ProblemDocument("not-found", status: .notFound, title: "Not found", detail: "Nothing is at this path.")
        case .malformed(let what):
            ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: what)
        case .creatorUnknown:
            ProblemDocument(
                "usage-unknown-creator",
                status: .notFound,
                title: "Unknown creator",
                detail: "No use was ever counted for a creator of this id, or it did not get here yet."
            )
        case .tooManyRows(let limit):
            ProblemDocument(
                "bad-request",
                status: .badRequest,
                title: "Bad request",
                detail: "The answer would have more than \(limit) rows; ask for fewer days."
            )
        case .busy:
            ProblemDocument(
                "overloaded",
                status: .serviceUnavailable,
                title: "Busy",
                detail: "Too many ask for usage.",
                retryAfterSeconds: 1
            )
        case .unavailable(let seconds):
            ProblemDocument(
                "usage-unavailable",
                status: .serviceUnavailable,
                title: "The service database does not answer",
                detail: "Nothing is lost; try again in a moment.",
                retryAfterSeconds: seconds
            )
        }
    }
}
