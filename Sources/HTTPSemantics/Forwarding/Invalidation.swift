package import HTTPTypes

/// What a response to an unsafe request makes invalid (RFC 9111 section 4.4).
package enum Invalidation {
    /// Methods known to be safe (RFC 9110 section 9.2.1); unknown ones are not.
    package static func isSafe(_ method: HTTPRequest.Method) -> Bool {
        method == .get || method == .head || method == .options || method == .trace
    }

    /// The request targets whose stored responses are invalid now: the request's own, and those of `Location` and
    /// `Content-Location` on the same origin; empty for safe methods and for errors.
    ///
    /// Targets are origin-form (`/path?query`), for the request's scheme and authority; no duplicates; at most three.
    package static func targets(of request: HTTPRequest, response: HTTPResponse) -> [String] {
        guard !isSafe(request.method), (200...399).contains(response.status.code), let path = request.path
        else { return [] }
        var targets = [path]
        for name in [HTTPField.Name.location, .contentLocation] {
            for line in response.headerFields[values: name].prefix(1) {
                let target = URIReference(line).resolved(
                    scheme: request.scheme ?? "http",
                    authority: request.authority ?? "",
                    path: path
                )
                if let target, !targets.contains(target) { targets.append(target) }
            }
        }
        return targets
    }
}
