package import HTTPSemantics
package import HTTPTypes
import JSON
import NIOCore
import Synchronization
package import Wire

/// `GET /v1/usage/creators/{id}` and `GET /v1/usage/creators`: what creators' content was used and what is paid for it,
/// from the service database.
///
/// A question costs one short transaction of reading. Questions are few at a time; those beyond the limit get a 503 at
/// once. A bad one gets a problem document (RFC 9457).
package final class UsageRoutes: Sendable {
    private let database: any ServiceDatabase
    private let limits: UsageLimits
    private let refusing: @Sendable (HTTPRequest) -> ProblemDocument?
    private let questions = Mutex(0)

    /// `refusing` is asked first: what a request is answered that may not ask, `nil` for one that may.
    package init(
        database: any ServiceDatabase,
        limits: UsageLimits = UsageLimits(),
        refusing: @escaping @Sendable (HTTPRequest) -> ProblemDocument?
    ) {
        self.database = database
        self.limits = limits
        self.refusing = refusing
    }

    /// Whether a request's path is one of these.
    package static func owns(_ path: String) -> Bool { UsageQuestion.isAsked(path) || CreatorsQuestion.isAsked(path) }

    /// Answers a request; `nil` when its path is not one of these.
    package func answer(_ exchange: Exchange) async -> UsageAnswer? {
        await answer(exchange.request, nowMilliseconds: exchange.receivedMilliseconds)
    }

    /// Answers a request that came at a moment, in milliseconds since 1970.
    @concurrent
    package func answer(_ request: HTTPRequest, nowMilliseconds: Int64) async -> UsageAnswer? {
        guard let path = request.path, Self.owns(path) else { return nil }
        if let problem = refusing(request) { return refusal(problem) }
        do throws(UsageProblem) {
            guard request.method == .get || request.method == .head else { throw .method }
            if CreatorsQuestion.isAsked(path) {
                let question = try CreatorsQuestion(path, nowMilliseconds: nowMilliseconds, limits: limits)
                let page = try await asked { database throws(LedgerError) in try await database.creators(question) }
                return Self.found(page.json)
            }
            let question = try UsageQuestion(path, nowMilliseconds: nowMilliseconds, limits: limits)
            return Self.found(try await usage(question).json)
        } catch {
            var answer = refusal(error.document)
            if error == .method { answer.head.headerFields[.allow] = "GET, HEAD" }
            return answer
        }
    }

    private func usage(_ question: UsageQuestion) async throws(UsageProblem) -> CreatorUsage {
        let rows = limits.rows
        let usage = try await asked { database throws(LedgerError) in
            try await database.creator(question.creator, from: question.from, to: question.to, rowsMax: rows)
        }
        guard let usage else { throw .creatorUnknown }
        return usage
    }

    /// Asks the database, few at a time.
    private func asked<Answer>(
        _ ask: (any ServiceDatabase) async throws(LedgerError) -> Answer
    ) async throws(UsageProblem) -> Answer {
        let isFull = questions.withLock { count in
            guard count < limits.questions else { return true }
            count += 1
            return false
        }
        if isFull { throw .busy }
        defer { questions.withLock { $0 -= 1 } }
        do throws(LedgerError) {
            return try await ask(database)
        } catch {
            throw UsageProblem(error, limits: limits)
        }
    }

    private static func found(_ json: [UInt8]) -> UsageAnswer {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.cacheControl] = "private, no-cache"
        fields[.xContentTypeOptions] = "nosniff"
        return UsageAnswer(
            head: HTTPResponse(status: .ok, headerFields: fields),
            body: ByteBuffer(bytes: json)
        )
    }

    private func refusal(_ problem: ProblemDocument) -> UsageAnswer {
        UsageAnswer(
            head: HTTPResponse(status: problem.status, headerFields: problem.fields),
            body: ByteBuffer(string: problem.json)
        )
    }
}
