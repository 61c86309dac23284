package import HTTPSemantics
import HTTPTypes
import Wire

/// Why a request with events is refused as a whole; the one place where that becomes a status and a public text.
///
/// `busy`, `full`, `failed` and `closing` keep nothing that was not acknowledged: the sender keeps its events and sends
/// them again, which is safe, since equal events have equal identities.
package enum IntakeProblem: Error, Equatable, Sendable {
    /// The request may not send events; what it is answered.
    case denied(ProblemDocument)
    /// `allowed` is a list of methods.
    case method(allowed: String)
    /// Neither events as JSON in one of the known forms nor an event in header fields; what was sent.
    case mediaType(String)
    case contentCoding(String)
    /// The body is not what its coding says.
    case undecodable
    /// `limit` in bytes, of the body as sent or decompressed.
    case bodyTooLarge(limit: Int)
    case tooManyEvents(limit: Int)
    case bodyTooSlow
    case bodyCutOff
    /// Not JSON as a whole, so that the events cannot be told apart; where.
    case malformed(String)
    /// A header field with an attribute that cannot be read.
    case header(String)
    /// Too much waits to be read, or to be written.
    case busy(retryAfterSeconds: Int)
    /// No room for more events.
    case full(retryAfterSeconds: Int)
    /// The disk failed.
    case failed
    /// The process shuts down.
    case closing

    /// What the handler of an exchange saw of the body.
    init(_ error: ExchangeError, limit: Int) {
        switch error {
        case .bodyTooLarge: self = .bodyTooLarge(limit: limit)
        case .bodyTimeout: self = .bodyTooSlow
        default: self = .bodyCutOff
        }
    }

    /// Why the lines could not be kept.
    init(_ error: MeteringError) {
        switch error {
        case .busy(let time): self = .busy(retryAfterSeconds: Self.seconds(time))
        case .full: self = .full(retryAfterSeconds: 30)
        case .closed: self = .closing
        default: self = .failed
        }
    }

    private static func seconds(_ time: Duration) -> Int {
        let (seconds, rest) = time.components
        return max(1, Int(clamping: seconds) + (rest > 0 ? 1 : 0))
    }

    /// The problem document.
    package var document: ProblemDocument {
        switch self {
        case .denied(let document): document
        case .method(let allowed):
            make("method", .methodNotAllowed, "Method not allowed", "This path takes \(allowed).")
        case .mediaType(let type):
            make(
                "media-type",
                .unsupportedMediaType,
                "Not events",
                "Send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, or "
                    + "application/json with ce- header fields, not \"\(type.prefix(80))\"."
            )
        case .contentCoding(let coding):
            make(
                "media-type",
                .unsupportedMediaType,
                "Unknown content coding",
                "Send the body as it is, or as gzip or zstd, not as \"\(coding.prefix(80))\"."
            )
        case .undecodable:
            make("bad-request", .badRequest, "Bad request", "The body is not what its Content-Encoding says.")
        case .bodyTooLarge(let limit):
            make(
                "too-large",
                .contentTooLarge,
                "Body too large",
                "A request may have \(limit) bytes, as sent and after decompression; send smaller batches."
            )
        case .tooManyEvents(let limit):
            make("too-large", .contentTooLarge, "Too many events", "A request may have \(limit) events.")
        case .bodyTooSlow:
            make("body-timeout", .requestTimeout, "Body too slow", "The body did not come in time.")
        case .bodyCutOff:
            make("cut-off", .badRequest, "Body cut off", "The connection closed before the body was complete.")
        case .malformed(let what):
            make("bad-json", .badRequest, "Malformed JSON", "The body is no JSON text (\(what)); nothing was kept.")
        case .header(let name):
            make("bad-request", .badRequest, "Bad request", "The header field \"\(name.prefix(80))\" cannot be read.")
        default: unavailable
        }
    }

    private var unavailable: ProblemDocument {
        switch self {
        case .busy(let seconds):
            make(
                "too-many-requests",
                .tooManyRequests,
                "Too many events",
                "More events come than can be written; nothing of this request was kept, send it again later.",
                retryAfter: seconds
            )
        case .full(let seconds):
            make(
                "store-failed",
                .serviceUnavailable,
                "No room",
                "There is no room for more events; nothing of this request was kept, send it again later.",
                retryAfter: seconds
            )
        case .failed:
            make(
                "store-failed",
                .serviceUnavailable,
                "The disk failed",
                "The events may not have been written; send the same again later: each counts once.",
                retryAfter: 5
            )
        case .closing:
            make(
                "overloaded",
                .serviceUnavailable,
                "Shutting down",
                "The server is shutting down; nothing of this request was kept, send it again.",
                retryAfter: 1
            )
        default: preconditionFailure("document has the others")
        }
    }

    private func make(
        _ slug: String,
        _ status: HTTPResponse.Status,
        _ title: String,
        _ detail: String,
        retryAfter: Int? = nil
    ) -> ProblemDocument {
        ProblemDocument(slug, status: status, title: title, detail: detail, retryAfterSeconds: retryAfter)
    }
}
