import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Telemetry
import Wire

extension EdgeService {
    /// Fetches with everybody else who wants the same; `false` when the answer is for others, and the request has to
    /// look again.
    func fetchTogether(_ viewer: Viewer, _ errand: Errand) async throws(EdgeFailure) -> Bool {
        let (flight, isLeader) = try await flights.join(errand, for: viewer)
        viewer.status.isCollapsed = !isLeader
        var isTaken = false
        defer { if isLeader, !isTaken { flight.detach() } }
        switch try await flight.answer() {
        case .stored(let response, let verdict):
            guard isLeader || isLive(flight, response.subject, viewer) else { return false }
            guard isLeader || errand.place.keys.contains(where: { $0.name == response.name }) else { return false }
            try await send(response, verdict, viewer, isLeader)
            return true
        case .streamed(let streamed):
            if !isLeader {
                var subject = flight.subject
                subject.tags += SurrogateKeys.tags(of: streamed.head.headerFields)
                guard isLive(flight, subject, viewer) else { return false }
                guard streamed.isShared else {
                    viewer.status.isCollapsed = false
                    try await fetchAlone(viewer, errand)
                    return true
                }
                let own = parts.store.place(
                    for: errand.name,
                    viewer.request,
                    response: streamed.head,
                    rule: streamed.rule
                )
                guard own.name == streamed.place.name else { return false }
            } else if !streamed.isShared {
                let now = parts.nowMilliseconds()
                let until = now + parts.settings.passMilliseconds
                passes.mark(errand.place.resource.entry, untilMilliseconds: until, nowMilliseconds: now)
            }
            isTaken = true
            guard let reader = streamed.fill.join(isExpected: isLeader) else { return false }
            try await stream(streamed, reader, viewer, isLeader: isLeader)
            return true
        }
    }

    /// Whether a flight may answer a request that came when it was under way: not if it began before a purge that the
    /// request came after.
    private func isLive(_ flight: Flight, _ subject: PurgeSubject, _ viewer: Viewer) -> Bool {
        guard flight.subject.bornSequence < viewer.arrivalSequence else { return true }
        var subject = subject
        subject.bornSequence = flight.subject.bornSequence
        return parts.board.verdict(for: subject) == .live
    }

    /// Fetches for this request alone; what comes is stored if it may be.
    func fetchAlone(_ viewer: Viewer, _ errand: Errand) async throws(EdgeFailure) {
        let flight = flights.alone(errand, for: viewer)
        var isTaken = false
        defer { if !isTaken { flight.detach() } }
        switch try await flight.answer() {
        case .stored(let response, let verdict):
            try await send(response, verdict, viewer, true)
        case .streamed(let streamed):
            if streamed.isStored { passes.clear(errand.place.resource.entry) }
            isTaken = true
            guard let reader = streamed.fill.join(isExpected: true) else { throw .originFailed }
            try await stream(streamed, reader, viewer, isLeader: true)
        }
    }

    private func send(
        _ response: CachedResponse,
        _ verdict: Flight.Verdict,
        _ viewer: Viewer,
        _ isLeader: Bool
    ) async throws(EdgeFailure) {
        switch verdict {
        case .validated:
            viewer.outcome = isLeader ? .validated : .collapsed
            viewer.status.forwardStatus = 304
            viewer.status.isStored = response.policy.storability.isStored
        case .staleOnError:
            viewer.outcome = .staleOnError
            viewer.status.isHit = true
            viewer.status.detail = "stale-if-error"
        }
        try await send(response, viewer)
    }

    /// Passes a body on while it arrives.
    private func stream(
        _ streamed: Flight.Streamed,
        _ reader: Fill.Reader,
        _ viewer: Viewer,
        isLeader: Bool
    ) async throws(EdgeFailure) {
        var reader = reader
        defer { streamed.fill.leave(reader) }
        viewer.outcome = !isLeader ? .collapsed : streamed.isStored ? .miss : .passed
        if streamed.maker == .derived, isLeader {
            viewer.outcome = .derived
            viewer.status.isHit = true
            viewer.status.forward = nil
        }
        viewer.status.isStored = streamed.isStored && isLeader
        if streamed.isStored { viewer.status.ttlSeconds = Self.secondsLeft(streamed.policy, parts.nowMilliseconds()) }
        var head = streamed.head
        viewer.status.detail = Self.detail(of: head) ?? Self.refusal(streamed.policy)
        if streamed.head.status == .ok {
            let now = parts.nowMilliseconds()
            let stored = StoredHead(status: head.status, fields: head.headerFields)
            if ConditionalRequest(fields: viewer.request.headerFields, stored: stored) == .notModified {
                let age = streamed.policy.ageSeconds(at: now)
                try await viewer.begin(NotModifiedHead.response(from: stored, ageSeconds: age))
                return try await viewer.finish()
            }
        }
        if !isLeader || head.headerFields.contains(.age) {
            head.headerFields[.age] = String(streamed.policy.ageSeconds(at: parts.nowMilliseconds()))
        }
        try await viewer.begin(head)
        while let piece = try await streamed.fill.next(&reader) {
            if viewer.request.method != .head { try await viewer.write(piece) }
        }
        try await viewer.finish(trailers: streamed.fill.trailers)
    }

    private static func refusal(_ policy: ResponsePolicy) -> String? {
        if case .no(let refusal) = policy.storability { refusal.rawValue } else { nil }
    }

    /// What the origin in this process says of its answer.
    static func detail(of head: HTTPResponse) -> String? {
        guard let line = head.headerFields[.cacheStatus], line.hasPrefix("vitrine;") else { return nil }
        return line.split(separator: ";").compactMap { part in
            let text = part.drop { $0 == " " }
            return text.hasPrefix("detail=") ? String(text.dropFirst(7)) : nil
        }.first
    }

    // MARK: Passing

    /// Sends a request on as it is and the answer back: methods other than GET and HEAD, and whatever has a body.
    ///
    /// An unsafe method that succeeds makes invalid what is stored for its target (RFC 9111 §4.4).
    func pass(_ viewer: Viewer, _ name: ResourceName) async throws(EdgeFailure) {
        viewer.outcome = viewer.request.method == .get || viewer.request.method == .head ? .passed : .method
        viewer.status.forward = .method
        viewer.name = name
        if viewer.policy.flags.contains(.onlyIfCached), viewer.request.method == .get { throw .notCached }
        guard let outgoing = ForwardedMessage.withOneForwardLess(viewer.request) else {
            return try await answerAsLast(viewer)
        }
        guard viewer.request.method != .connect else { throw .badRequest("CONNECT is not served") }
        guard let origin = parts.route(name, viewer.request.path ?? "*") else { throw .notFound }
        var traced = outgoing
        traced.headerFields[.traceparent] = viewer.trace.traceparent
        let request = ForwardedMessage.request(
            traced,
            by: parts.settings.identity,
            clientAddress: viewer.exchange.remoteAddress?.ipAddress
        )
        let body = ForwardedBody(viewer.exchange)
        let sink = PassSink(viewer) { head in
            if let tag = changedOriginal(viewer.request, head) { await parts.keepInvalidation(.tag(tag)) }
            for target in Invalidation.targets(of: viewer.request, response: head) {
                var invalid = viewer.request
                invalid.path = target
                await invalidate(ResourceName.url(of: invalid, defaultAuthority: parts.settings.defaultAuthority))
            }
        }
        let tenant = viewer.request.authority ?? parts.settings.defaultAuthority
        try parts.limits.take(client: viewer.address, tenant: tenant, nowMilliseconds: parts.nowMilliseconds())
        try await parts.admitted(viewer.address) { () async throws(EdgeFailure) in
            try await origin.fetch(request, body: body, into: sink)
        }
    }

    /// The tag of an original that was deleted, or made private or public: none of its renditions is what it was.
    private func changedOriginal(_ request: HTTPRequest, _ head: HTTPResponse) -> String? {
        guard parts.naming != nil, (200...299).contains(head.status.code),
            request.method == .delete || request.method == .put, let path = request.path
        else { return nil }
        let segments = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: true)
        guard segments.count >= 2, segments[0] == "originals" else { return nil }
        return "original:" + segments[1]
    }

    /// What a successful unsafe request does to a stored URL: it is not used again without asking the origin.
    private func invalidate(_ url: String) async {
        let key = EntryKey(of: url.utf8)
        // A rule only where there is, or is about to be, something to invalidate: writes must not fill the table.
        guard parts.store.mayHold(key) || flights.isFetching(url) else { return }
        parts.board.purge(.url(url), .hard, floor: UInt64(max(0, parts.nowMilliseconds())) * 1_000)
        guard parts.store.isOnDisk(key) else { return }
        // What is on disk must not come back after a crash; the rule lasts until the removal does.
        parts.store.removeFromDisk(key)
        await parts.keepInvalidation(.url(url))
    }

    /// The last hop that a TRACE or OPTIONS may take (RFC 9110 §7.6.2): answered here.
    private func answerAsLast(_ viewer: Viewer) async throws(EdgeFailure) {
        viewer.outcome = .own
        var head = HTTPResponse(status: viewer.request.method == .trace ? .methodNotAllowed : .ok)
        head.headerFields = [.allow: "GET, HEAD, OPTIONS", .contentLength: "0"]
        try await viewer.begin(head)
        try await viewer.finish()
    }
}
