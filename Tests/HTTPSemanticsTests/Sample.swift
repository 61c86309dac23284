import HTTPSemantics
import HTTPTypes

/// Messages and times for the tests: everything happens on 2026-11-21 at 12:00:00 GMT, unless said otherwise.
enum Sample {
    /// Milliseconds since 1970.
    static let now: Int64 = 1_795_262_400_000
    static let date = text(0)

    /// The HTTP date so many seconds from `now`.
    static func text(_ offset: Int64) -> String {
        HTTPDate(secondsSince1970: now / 1_000 + offset).fieldValue
    }

    static func fields(_ lines: [(String, String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in lines {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    static func request(
        _ method: HTTPRequest.Method = .get,
        path: String = "/a?b=c",
        _ lines: [(String, String)] = []
    ) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: "http",
            authority: "shop.test",
            path: path,
            headerFields: fields(lines)
        )
    }

    static func response(_ code: Int = 200, _ lines: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: HTTPResponse.Status(code: code), headerFields: fields(lines))
    }

    /// What is made of a response with a `Date` of now that took no time.
    static func stored(
        _ code: Int = 200,
        _ lines: [(String, String)],
        request: HTTPRequest = request(),
        settings: CachingSettings = CachingSettings()
    ) -> StoredResponse {
        let hasDate = lines.contains { $0.0 == "Date" }
        return StoredResponse(
            request: request,
            response: response(code, hasDate ? lines : lines + [("Date", date)]),
            requestMilliseconds: now,
            responseMilliseconds: now,
            settings: settings
        )
    }

    static func policy(_ lines: [(String, String)], code: Int = 200, request: HTTPRequest = request()) -> ResponsePolicy
    {
        stored(code, lines, request: request).policy
    }

    /// Seconds of freshness left when the response arrives; `nil` if it is never fresh.
    static func freshSeconds(_ lines: [(String, String)], code: Int = 200) -> Int64? {
        let policy = policy(lines, code: code)
        return policy.freshUntilMilliseconds == 0 ? nil : (policy.freshUntilMilliseconds - now) / 1_000
    }

    /// The decision for a request some seconds after the response arrived.
    static func decision(
        _ lines: [(String, String)],
        after seconds: Int64,
        request lines2: [(String, String)] = []
    ) -> CachingDecision {
        policy(lines).decision(for: RequestPolicy(request(.get, lines2)), at: now + seconds * 1_000)
    }
}
