import HTTPSemantics
import HTTPTypes

/// The smallest cache that follows this module's decisions: a dictionary, a clock that is set, a scripted origin.
///
/// It shows in which order an edge asks, and that the parts fit together.
struct ModelEdge {
    struct Entry {
        var stored: StoredResponse
        var body: String
    }

    struct Variants {
        var rule: VaryRule
        var entries: [String: Entry] = [:]
    }

    struct Answer {
        var response: HTTPResponse
        var body: String
        /// Whether the origin was not asked before answering.
        var isCached: Bool
    }

    /// What the origin answers to whatever comes next; `nil` if it cannot be reached.
    var origin: (HTTPRequest) -> (HTTPResponse, String)? = { _ in nil }
    var now = Sample.now
    /// What the origin was asked.
    private(set) var asked: [HTTPRequest] = []
    private var store: [String: Variants] = [:]

    mutating func handle(_ request: HTTPRequest) -> Answer {
        let before = asked.count
        var answer = decide(request)
        answer.isCached = asked.count == before && answer.response.status.code < 500
        return answer
    }

    private mutating func decide(_ request: HTTPRequest) -> Answer {
        let policy = RequestPolicy(request)
        let path = request.path ?? ""
        guard policy.mayUseStored else { return obey(policy.decisionWithoutStored(), request, nil) }
        guard let variants = store[path] else { return obey(policy.decisionWithoutStored(.uriMiss), request, nil) }
        let keys = variants.rule.lookupKeys(for: request)
        guard let key = keys.first(where: { variants.entries[$0] != nil }), let entry = variants.entries[key] else {
            return obey(policy.decisionWithoutStored(.varyMiss), request, nil)
        }
        guard RangePlan(request: request, stored: entry.stored, bodyLength: entry.body.utf8.count) != .notCovered else {
            return obey(policy.decisionWithoutStored(.partial), request, nil)
        }
        return obey(entry.stored.policy.decision(for: policy, at: now), request, entry)
    }

    private mutating func obey(_ decision: CachingDecision, _ request: HTTPRequest, _ entry: Entry?) -> Answer {
        switch (decision, entry) {
        case (.serve, let entry?): return serve(entry, request)
        case (.serveAndRevalidate, let entry?):
            let answer = serve(entry, request)
            _ = validate(entry, request)
            return answer
        case (.validate, let entry?): return validate(entry, request)
        case (.gatewayTimeout, _): return Answer(response: Sample.response(504), body: "", isCached: false)
        default: return fetch(request, entry)
        }
    }

    private func serve(_ entry: Entry, _ request: HTTPRequest) -> Answer {
        let head = entry.stored.head
        let age = entry.stored.policy.ageSeconds(at: now)
        if ConditionalRequest(fields: request.headerFields, stored: head) == .notModified {
            return Answer(response: NotModifiedHead.response(from: head, ageSeconds: age), body: "", isCached: true)
        }
        let length = entry.body.utf8.count
        let plan = RangePlan(request: request, stored: entry.stored, bodyLength: length)
        let response = plan.response(from: entry.stored, bodyLength: length, ageSeconds: age, boundary: "B")
        var body = request.method == .head ? "" : entry.body
        if case .part(let range) = plan {
            let first = range.lowerBound - (entry.stored.partial?.range.lowerBound ?? 0)
            body = String(body.dropFirst(first).prefix(range.count))
        }
        return Answer(response: response ?? Sample.response(500), body: body, isCached: true)
    }

    private mutating func ask(_ request: HTTPRequest) -> (HTTPResponse, String)? {
        asked.append(request)
        return origin(request)
    }

    private mutating func validate(_ entry: Entry, _ request: HTTPRequest) -> Answer {
        let conditional = ConditionalFetch.validating(request, stored: entry.stored)
        guard let (response, body) = ask(conditional) else { return failed(.unreachable, entry, request, nil) }
        guard response.status == .notModified else { return settle(response, body, request, entry) }
        let fresh = entry.stored.freshened(
            by: response,
            request: request,
            requestMilliseconds: now,
            responseMilliseconds: now
        )
        guard let fresh else { return fetch(ConditionalFetch.unconditional(request), entry) }
        let updated = Entry(stored: fresh, body: entry.body)
        if fresh.policy.storability == .store { keep(updated, request) } else { store[request.path ?? ""] = nil }
        return serve(updated, request)
    }

    private mutating func fetch(_ request: HTTPRequest, _ entry: Entry?) -> Answer {
        let isGet = request.method == .get
        guard let (response, body) = ask(isGet ? ConditionalFetch.ranged(request) : request) else {
            return failed(.unreachable, entry, request, nil)
        }
        return settle(response, body, request, entry)
    }

    /// Stores, updates or invalidates, and passes the response on.
    private mutating func settle(
        _ response: HTTPResponse,
        _ body: String,
        _ request: HTTPRequest,
        _ entry: Entry?
    ) -> Answer {
        if let failure = UpstreamFailure(statusCode: response.status.code), let entry,
            entry.stored.policy.mayServeStale(after: failure, at: now)
        {
            return serve(entry, request)
        }
        for target in Invalidation.targets(of: request, response: response) { store[target] = nil }
        let new = StoredResponse(
            request: request,
            response: response,
            requestMilliseconds: now,
            responseMilliseconds: now
        )
        if new.policy.storability == .store {
            keep(Entry(stored: new, body: body), request)
            return serve(Entry(stored: new, body: body), request)
        }
        if request.method == .head, let entry {
            switch entry.stored.update(
                byHead: response,
                request: request,
                requestMilliseconds: now,
                responseMilliseconds: now
            ) {
            case .none: break
            case .update(let updated): keep(Entry(stored: updated, body: entry.body), request)
            case .invalidate: store[request.path ?? ""] = nil
            }
        }
        return Answer(response: response, body: body, isCached: false)
    }

    private func failed(
        _ failure: UpstreamFailure,
        _ entry: Entry?,
        _ request: HTTPRequest,
        _ response: HTTPResponse?
    ) -> Answer {
        if let entry, entry.stored.policy.mayServeStale(after: failure, at: now) { return serve(entry, request) }
        return Answer(response: response ?? Sample.response(502), body: "", isCached: false)
    }

    private mutating func keep(_ entry: Entry, _ request: HTTPRequest) {
        let path = request.path ?? ""
        let rule = entry.stored.varyRule
        if store[path]?.rule != rule { store[path] = Variants(rule: rule) }
        let head = HTTPResponse(status: entry.stored.head.status, headerFields: entry.stored.head.fields)
        for key in rule.storageKeys(for: request, response: head) { store[path]?.entries[key] = entry }
    }
}
