import HTTPTypes

extension ResponsePolicy {
    /// Seconds of freshness the response states (RFC 9111 section 4.2.1); `nil` if it states none, 0 if it is stale or
    /// states it badly.
    static func explicitLifetime(
        _ fields: HTTPFields,
        _ control: EffectiveControl,
        dateSeconds: Int64,
        now: Int64
    ) -> Int64? {
        if let seconds = control.directives.sharedMaxAge ?? control.directives.maxAge { return seconds }
        guard !control.isTargeted else { return nil }
        let lines = fields[values: .expires]
        guard let first = lines.first else { return nil }
        // Different times in several lines contradict each other: stale (section 4.2.1).
        guard lines.allSatisfy({ $0 == first }), let expires = HTTPDate(fieldValue: first, nowMilliseconds: now)
        else { return 0 }
        return max(expires.secondsSince1970 - dateSeconds, 0)
    }

    /// Seconds of freshness guessed from `Last-Modified` (RFC 9111 section 4.2.2); `nil` unless configured.
    static func heuristicLifetime(
        _ response: HTTPResponse,
        _ control: EffectiveControl,
        dateSeconds: Int64,
        settings: CachingSettings
    ) -> Int64? {
        let isAllowed =
            StatusClass.isHeuristicallyCacheable(response.status.code) || control.directives.flags.contains(.isPublic)
        guard settings.heuristicPercent > 0, isAllowed,
            let modified = HTTPDate(
                first: response.headerFields[values: .lastModified],
                nowMilliseconds: dateSeconds * 1_000
            )
        else { return nil }
        return max(dateSeconds - modified.secondsSince1970, 0) * min(settings.heuristicPercent, 100) / 100
    }

    /// The corrected initial age in milliseconds (RFC 9111 section 4.2.3).
    static func initialAge(
        _ fields: HTTPFields,
        dateSeconds: Int64,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64
    ) -> Int64 {
        let apparent = max(0, responseMilliseconds / 1_000 - dateSeconds) * 1_000
        let delay = max(0, responseMilliseconds - requestMilliseconds)
        let corrected = (AgeField.seconds(in: fields) ?? 0) * 1_000 + delay
        return max(apparent, corrected)
    }

    /// The age at a time, in milliseconds (RFC 9111 section 4.2.3).
    package func currentAgeMilliseconds(at nowMilliseconds: Int64) -> Int64 {
        ageAtResponseMilliseconds + max(0, nowMilliseconds - responseMilliseconds)
    }

    /// The value of `Age` at a time, in seconds, rounded down.
    package func ageSeconds(at nowMilliseconds: Int64) -> Int64 { currentAgeMilliseconds(at: nowMilliseconds) / 1_000 }

    package func isFresh(at nowMilliseconds: Int64) -> Bool { nowMilliseconds < freshUntilMilliseconds }

    /// Whether a request without directives is answered from the store at a time.
    package var isReusableWithoutValidation: Bool { freshUntilMilliseconds > 0 && !flags.contains(.isPartial) }

    /// Whether it may be served, though stale, when validating or fetching it anew failed.
    package func mayServeStale(after failure: UpstreamFailure, at nowMilliseconds: Int64) -> Bool {
        switch failure {
        case .serverError: nowMilliseconds < staleIfErrorUntilMilliseconds
        case .unreachable: nowMilliseconds < graceUntilMilliseconds
        }
    }

    /// What to do with a request for which this response is stored (its `Vary` fields agree).
    ///
    /// A partial response is treated as the whole one: whether it covers the requested range is ``RangePlan``'s
    /// question.
    package func decision(for request: RequestPolicy, at nowMilliseconds: Int64) -> CachingDecision {
        guard request.mayUseStored else { return request.decisionWithoutStored(.request) }
        let isFresh = isFresh(at: nowMilliseconds)
        if !request.flags.contains(.noCache) {
            if isFresh, accepts(request, at: nowMilliseconds) { return .serve }
            if !isFresh, let decision = staleDecision(request, at: nowMilliseconds) { return decision }
        }
        if request.flags.contains(.onlyIfCached) { return .gatewayTimeout }
        let reason: ForwardReason = isFresh ? .request : .stale
        let mayValidate = flags.contains(.canValidate) && request.flags.contains(.isGet)
        return mayValidate ? .validate(reason) : .forward(reason)
    }

    /// Whether a fresh response is young enough and stays fresh long enough for the request (RFC 9111 section 5.2.1).
    ///
    /// An immutable one is always young enough (RFC 8246 section 2).
    private func accepts(_ request: RequestPolicy, at nowMilliseconds: Int64) -> Bool {
        if let seconds = request.minFresh, freshUntilMilliseconds - nowMilliseconds < seconds * 1_000 { return false }
        return flags.contains(.immutable) || isYoungEnough(request, at: nowMilliseconds)
    }

    private func isYoungEnough(_ request: RequestPolicy, at nowMilliseconds: Int64) -> Bool {
        request.maxAge.map { currentAgeMilliseconds(at: nowMilliseconds) <= $0 * 1_000 } ?? true
    }

    /// Whether a stale response is served: because the client accepts it, or while it is validated.
    private func staleDecision(_ request: RequestPolicy, at nowMilliseconds: Int64) -> CachingDecision? {
        guard freshUntilMilliseconds > 0, request.minFresh == nil else { return nil }
        if let seconds = request.maxStale, !flags.contains(.prohibitsStale) {
            let staleness = nowMilliseconds - freshUntilMilliseconds
            if seconds == .max || staleness <= seconds * 1_000 { return .serve }
        }
        guard nowMilliseconds < staleWhileRevalidateUntilMilliseconds, isYoungEnough(request, at: nowMilliseconds)
        else { return nil }
        return .serveAndRevalidate
    }
}
