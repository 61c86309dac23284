package import HTTPSemantics
import HTTPTypes
import Wire

/// Why a settings request is refused; the one place where that becomes a status and a public text.
package enum SettingsProblem: Error, Hashable, Sendable {
    /// No key came with the request.
    case keyRequired
    /// The key is unknown, was never one, or has expired.
    case keyUnknown
    /// A good key, but of another app than the path names.
    case keyOfAnotherApp
    /// A client key at a place that shows rules.
    case keyIsPublic
    /// No such app; only where an app's name is enough to ask.
    case appUnknown(String)
    /// No such dictionary here (any more).
    case dictionaryUnknown
    /// No release of the app is loaded on this node yet.
    case notLoaded
    case method(allowed: String)
    case mediaType(String)
    case contentCoding(String)
    /// `limit` in bytes.
    case bodyTooLarge(limit: Int)
    case bodyTooSlow
    /// The connection closed before the body was complete.
    case bodyCutOff
    /// Not JSON; what and where.
    case malformed(String)
    /// JSON, but not what this path takes.
    case unsuitable(String)
    /// OpenFeature's `targetingKey` is missing.
    case targetingKeyMissing
    case tooManyRequests(retryAfterSeconds: Int)
    case tooManySubscribers

    /// What the handler of an exchange saw of the body.
    init(_ error: ExchangeError, limit: Int) {
        switch error {
        case .bodyTooLarge: self = .bodyTooLarge(limit: limit)
        case .bodyTimeout: self = .bodyTooSlow
        default: self = .bodyCutOff
        }
    }

    /// The problem document.
    package var document: ProblemDocument {
        switch self {
        case .keyRequired:
            make("key-required", .unauthorized, "A key is required", "Send the app's key as X-API-Key or as a bearer.")
        case .keyUnknown:
            make("key-unknown", .unauthorized, "Unknown key", "The key is not one of any app here, or it has expired.")
        case .keyOfAnotherApp:
            make("key-of-another-app", .forbidden, "Another app's key", "The key is good, but not for this app.")
        case .keyIsPublic:
            make(
                "key-is-public",
                .forbidden,
                "A client key does not see rules",
                "Use POST /api/eval (remote evaluation) with this key, or a server key here."
            )
        case .appUnknown(let name):
            make("app-unknown", .notFound, "Unknown app", "No settings are published for \"\(Self.shown(name))\".")
        case .dictionaryUnknown:
            make("not-found", .notFound, "Not found", "This dictionary is not the current one of the app.")
        case .notLoaded:
            make("settings-not-loaded", .serviceUnavailable, "Not loaded yet", "Try again in a moment.", retryAfter: 1)
        case .method(let allowed):
            make("method", .methodNotAllowed, "Method not allowed", "This path takes \(allowed).")
        case .mediaType(let type):
            make(
                "media-type",
                .unsupportedMediaType,
                "Not JSON",
                "Send the body as application/json, not as \"\(Self.shown(type))\"."
            )
        case .contentCoding(let coding):
            make(
                "media-type",
                .unsupportedMediaType,
                "Encoded body",
                "Send the body without a content coding, not as \"\(Self.shown(coding))\"."
            )
        default: bodyDocument
        }
    }

    private var bodyDocument: ProblemDocument {
        switch self {
        case .bodyTooLarge(let limit):
            make("too-large", .contentTooLarge, "Body too large", "A request may have \(limit) bytes.")
        case .bodyTooSlow:
            make("body-timeout", .requestTimeout, "Body too slow", "The body did not come in time.")
        case .bodyCutOff:
            make("cut-off", .badRequest, "Body cut off", "The connection closed before the body was complete.")
        case .malformed(let what): make("bad-json", .badRequest, "Malformed JSON", "The body is no JSON text: \(what).")
        case .unsuitable(let what): make("bad-request", .badRequest, "Bad request", what)
        case .targetingKeyMissing:
            make("bad-request", .badRequest, "Bad request", "The context has no targetingKey, or not as a text.")
        case .tooManyRequests(let seconds):
            make("too-many-requests", .tooManyRequests, "Too many requests", "Slow down.", retryAfter: seconds)
        case .tooManySubscribers:
            make("overloaded", .serviceUnavailable, "Busy", "Too many event streams are open.", retryAfter: 10)
        default: preconditionFailure("document has the others")
        }
    }

    /// OpenFeature's error code for it (specification, types, Error Code).
    package var openFeatureCode: String {
        switch self {
        case .malformed: "PARSE_ERROR"
        case .targetingKeyMissing: "TARGETING_KEY_MISSING"
        case .unsuitable: "INVALID_CONTEXT"
        default: "GENERAL"
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

    /// What came from outside, short.
    private static func shown(_ text: String) -> String { String(text.prefix(80)) }
}
