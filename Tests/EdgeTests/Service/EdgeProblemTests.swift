import HTTPSemantics
import HTTPTypes
import Testing
import Wire

@testable import Edge

@Suite("Failures as answers")
struct EdgeProblemTests {
    private static let table: [(EdgeFailure, Int, retries: Bool, sheds: Bool)] = [
        (.upstream(.connectionRefused), 502, false, false), (.upstream(.nameNotResolved), 502, false, false),
        (.upstream(.connectFailed(errno: nil)), 502, false, false), (.upstream(.tlsFailed), 502, false, false),
        (.upstream(.closedBeforeHead(hasBegun: true)), 502, false, false), (.upstream(.truncated), 502, false, false),
        (.upstream(.headTooLarge), 502, false, false), (.upstream(.tooManyInformational), 502, false, false),
        (.upstream(.malformed(.startLine)), 502, false, false), (.upstream(.switchedProtocols), 502, false, false),
        (.upstream(.connectTimedOut), 504, false, false), (.upstream(.headTimedOut), 504, false, false),
        (.upstream(.timedOut), 504, false, false), (.upstream(.bodyStalled), 504, false, false),
        (.upstream(.requestStalled), 504, false, false), (.upstream(.poolExhausted), 503, true, false),
        (.upstream(.cancelled), 503, true, false), (.upstream(.shutDown), 503, true, false),
        (.upstream(.requestBodyFailed), 400, false, false), (.overloaded(retryAfterSeconds: 0), 503, true, true),
        (.overloaded(retryAfterSeconds: 7), 503, true, true), (.tooManyRequests(retryAfterSeconds: 3), 429, true, true),
        (.loop, 508, false, false), (.notCached, 504, false, false), (.notFound, 404, false, false),
        (.timedOut, 504, false, false), (.originFailed, 502, false, false), (.storage("/secret"), 503, false, false),
        (.shuttingDown, 503, true, false), (.abandoned, 503, true, false), (.unauthorized, 401, false, false),
        (.badRequest("why"), 400, false, false),
    ]

    @Test("each failure has its status, says when to come again, and tells nothing of the inside")
    func table() {
        for (failure, status, retries, sheds) in Self.table {
            let problem = EdgeProblem(failure)
            #expect(problem.problem.status.code == status, "\(failure)")
            #expect((problem.problem.retryAfterSeconds != nil) == retries, "\(failure)")
            #expect(problem.problem.retryAfterSeconds ?? 1 >= 1, "\(failure)")
            #expect(problem.isShedding == sheds, "\(failure)")
            #expect(!problem.problem.json.contains("secret") && !problem.problem.slug.isEmpty)
        }
        #expect(EdgeProblem(.overloaded(retryAfterSeconds: 7)).problem.retryAfterSeconds == 7)
    }
}
