import HTTPTypes

extension HTTPRequest.Method {
    /// Whether sending it twice has the intended effect of sending it once (RFC 9110 §9.2.2).
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .options, .trace, .put, .delete: true
        default: false
        }
    }

    /// Whether a request without content should say so with `Content-Length: 0` (RFC 9110 §8.6).
    var anticipatesContent: Bool {
        switch self {
        case .post, .put, .patch: true
        default: false
        }
    }
}
