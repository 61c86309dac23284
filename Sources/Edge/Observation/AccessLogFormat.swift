/// How the access log writes a request.
package enum AccessLogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line; `docs/formats/access-log.md`.
    case json
    /// The Combined Log Format of Apache and nginx.
    case combined
}
