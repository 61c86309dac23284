import HTTPSemantics
import HTTPTypes
import Logging
import Wire

/// The one place of the edge where a failure becomes a status, a public text and a log level.
struct EdgeProblem {
    var problem: ProblemDocument
    var level: Logger.Level
    /// Whether a limit turned the request away.
    var isShedding = false

    init(_ failure: EdgeFailure) {
        switch failure {
        case .upstream(let error): (problem, level) = (Self.problem(error), .notice)
        case .overloaded(let seconds):
            problem = Self.busy("Too many requests wait for the upstream.", seconds)
            level = .notice
            isShedding = true
        case .tooManyRequests(let seconds):
            problem = Self.make("too-many-requests", .tooManyRequests, "Too many requests", "Slow down.")
            problem.retryAfterSeconds = seconds
            level = .debug
            isShedding = true
        case .loop:
            problem = Self.make("loop", 508, "Loop detected", "The request has been at this node before.")
            level = .warning
        case .notCached:
            let detail = "The request accepts stored responses only, and none fits."
            (problem, level) = (Self.make("not-cached", .gatewayTimeout, "Not cached", detail), .debug)
        case .notFound:
            let detail = "There is nothing at this path, and no upstream to ask."
            (problem, level) = (Self.make("not-found", .notFound, "Not found", detail), .debug)
        case .timedOut:
            let detail = "Others fetch the same, and it takes longer than this request may wait."
            (problem, level) = (Self.make("upstream-timeout", .gatewayTimeout, "Too slow", detail), .notice)
        case .originFailed:
            let detail = "The origin's answer could not be used."
            (problem, level) = (Self.make("upstream-failed", .badGateway, "The origin failed", detail), .warning)
        case .storage:
            let detail = "The node's files cannot be written; nothing was changed."
            (problem, level) = (Self.make("store-failed", .serviceUnavailable, "Storage failed", detail), .error)
        case .shuttingDown, .abandoned: (problem, level) = (Self.busy("The node is stopping.", 1), .debug)
        case .unauthorized:
            let detail = "Send \"Authorization: Bearer TOKEN\" with one of the server's tokens (setting \"token\")."
            (problem, level) = (Self.make("token-required", .unauthorized, "A token is required", detail), .notice)
        case .badRequest(let reason):
            (problem, level) = (Self.make("bad-request", .badRequest, "Bad request", reason), .debug)
        }
    }

    private static func make(
        _ slug: String,
        _ status: HTTPResponse.Status,
        _ title: String,
        _ detail: String
    ) -> ProblemDocument {
        ProblemDocument(slug, status: status, title: title, detail: detail)
    }

    private static func busy(_ detail: String, _ seconds: Int) -> ProblemDocument {
        var problem = make("overloaded", .serviceUnavailable, "Busy", detail + " Try again later.")
        problem.retryAfterSeconds = max(1, seconds)
        return problem
    }

    private static func problem(_ error: UpstreamError) -> ProblemDocument {
        switch error {
        case .connectTimedOut, .headTimedOut, .timedOut, .bodyStalled, .requestStalled:
            make("upstream-timeout", .gatewayTimeout, "The upstream is too slow", "It did not answer in time.")
        case .poolExhausted: busy("Too many requests wait for the upstream.", 1)
        case .requestBodyFailed, .invalidRequest:
            make("bad-request", .badRequest, "Bad request", "The request could not be sent on.")
        case .cancelled, .shutDown: busy("The request was cancelled.", 1)
        case .nameNotResolved, .connectionRefused, .connectFailed:
            make("upstream-unreachable", .badGateway, "The upstream cannot be reached", "There is no connection to it.")
        case .tlsFailed:
            make("upstream-failed", .badGateway, "The upstream failed", "No trusted TLS connection to it can be made.")
        case .closedBeforeHead, .truncated:
            make("upstream-failed", .badGateway, "The upstream failed", "It closed the connection early.")
        case .headTooLarge, .tooManyInformational, .malformed, .switchedProtocols:
            make("upstream-failed", .badGateway, "The upstream failed", "What it sent is not a usable HTTP response.")
        }
    }
}
