package import HTTPTypes

extension UpstreamError {
    package enum Fault: Hashable, Sendable {
        /// The upstream or the way to it: 502, 503 or 504.
        case upstream
        /// This node: its limits, its shutdown or a request it built wrongly.
        case ourselves
        /// Who asked: it went away, or its body failed.
        case requester
    }

    package var fault: Fault {
        switch self {
        case .poolExhausted, .invalidRequest, .shutDown: .ourselves
        case .requestBodyFailed, .cancelled: .requester
        default: .upstream
        }
    }

    /// Whether it is certain that the upstream has not acted, so that any request may be sent anew, elsewhere too.
    package var isRetrySafe: Bool {
        switch self {
        case .nameNotResolved, .connectionRefused, .connectTimedOut, .connectFailed, .tlsFailed, .poolExhausted: true
        default: false
        }
    }

    /// Whether a request with this method may be sent anew.
    ///
    /// Always when nothing was done, else if the method is idempotent (RFC 9110 §9.2.2) and the failure is the
    /// upstream's. A body that was streamed can't be sent again all the same.
    package func isRetrySafe(for method: HTTPRequest.Method) -> Bool {
        isRetrySafe || (fault == .upstream && method.isIdempotent)
    }

    /// Whether the upstream was too slow: 504 rather than 502.
    package var isTimeout: Bool {
        switch self {
        case .connectTimedOut, .headTimedOut, .requestStalled, .bodyStalled, .timedOut: true
        default: false
        }
    }

    /// A word for logs, metrics and the `detail` parameter of Cache-Status (RFC 9211): letters, digits and `_`.
    package var detail: String {
        switch self {
        case .nameNotResolved: "name_not_resolved"
        case .connectionRefused: "connection_refused"
        case .connectTimedOut: "connect_timed_out"
        case .connectFailed: "connect_failed"
        case .tlsFailed: "tls_failed"
        case .poolExhausted: "pool_exhausted"
        case .closedBeforeHead(let hasBegun): hasBegun ? "head_truncated" : "closed_before_head"
        case .headTimedOut: "head_timed_out"
        case .headTooLarge: "head_too_large"
        case .tooManyInformational: "too_many_informational"
        case .malformed(let fault): "malformed_\(fault)"
        case .switchedProtocols: "switched_protocols"
        case .requestStalled: "request_stalled"
        case .bodyStalled: "body_stalled"
        case .truncated: "truncated"
        case .timedOut: "timed_out"
        case .requestBodyFailed: "request_body_failed"
        case .invalidRequest(let flaw): "invalid_request_\(flaw.rawValue)"
        case .cancelled: "cancelled"
        case .shutDown: "shut_down"
        }
    }

    /// The error type of the Proxy-Status field (RFC 9209 §2.3).
    package var proxyStatus: String {
        switch self {
        case .nameNotResolved: "dns_error"
        case .connectionRefused: "connection_refused"
        case .connectTimedOut: "connection_timeout"
        case .connectFailed: "destination_ip_unroutable"
        case .tlsFailed: "tls_protocol_error"
        case .poolExhausted: "connection_limit_reached"
        case .closedBeforeHead: "connection_terminated"
        case .headTimedOut, .timedOut: "http_response_timeout"
        case .headTooLarge: "http_response_header_section_size"
        case .malformed(.transferEncoding), .malformed(.unknownCoding), .malformed(.chunkSize),
            .malformed(.chunkExtension), .malformed(.chunkEnd):
            "http_response_transfer_coding"
        case .switchedProtocols: "http_upgrade_failed"
        case .malformed, .tooManyInformational: "http_protocol_error"
        case .requestStalled: "connection_write_timeout"
        case .bodyStalled: "connection_read_timeout"
        case .truncated: "http_response_incomplete"
        case .requestBodyFailed: "http_request_error"
        case .invalidRequest, .cancelled, .shutDown: "proxy_internal_error"
        }
    }
}
