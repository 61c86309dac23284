import Caching
import DeliveryTypes
import HTTPSemantics
import Hummingbird
import Logging
import NIOCore
import ObjectStorage
import Originals
import Rendering

/// The one place where an error becomes a status, a public text and a log level.
struct OriginFailure {
    var problem: ProblemDocument
    var level: Logger.Level

    init(_ error: any Error) {
        switch error {
        case let problem as ProblemDocument: self.init(problem, .debug)
        case let error as TransformationError: self.init(Self.problem(error), .debug)
        case let error as RenderingError: self = Self.failure(error)
        case let error as SourceError: self = Self.failure(error)
        case let error as OriginalsError: self = Self.failure(error)
        case let error as HTTPError: self.init(Self.problem(error), .debug)
        case is CancellationError: self = Self.failure(RenderingError.cancelled)
        case is NIOTooManyBytesError: self.init(Self.tooLarge("The body is larger than this path takes."), .debug)
        case is ChannelError: self.init(Self.cutOff, .debug)
        case is NIOTooManyBytesError: self.init(Self.tooLarge("The body is larger than this server takes."), .debug)
        default:
            let problem = ProblemDocument(
                "internal",
                status: .internalServerError,
                title: "Internal error",
                detail: "The server failed; its log says why under this answer's trace id."
            )
            self.init(problem, .error)
        }
    }

    private init(_ problem: ProblemDocument, _ level: Logger.Level) {
        self.problem = problem
        self.level = level
    }

    private static func failure(_ error: OriginalsError) -> OriginFailure {
        func problem(
            _ slug: String,
            _ status: HTTPResponse.Status,
            _ title: String,
            _ detail: String
        ) -> ProblemDocument {
            ProblemDocument(slug, status: status, title: title, detail: detail)
        }
        switch error {
        case .notFound:
            return OriginFailure(
                problem("source-not-found", .notFound, "No such original", "No original is stored under this id."),
                .debug
            )
        case .tooLarge(let limit): return OriginFailure(tooLarge("An original has at most \(limit) bytes."), .debug)
        case .lengthMismatch(let declared, let received):
            let detail = "Content-Length says \(declared) bytes, \(received) came; nothing was stored."
            return OriginFailure(problem("length-mismatch", .badRequest, "Wrong length", detail), .debug)
        case .empty:
            return OriginFailure(unprocessable("unsupported-source", "Not a picture", "The body is empty."), .debug)
        case .invalidAttribute(let reason):
            return OriginFailure(
                problem("bad-request", .badRequest, "Bad request", "The owner is wrong: \(reason)."),
                .debug
            )
        case .interrupted: return OriginFailure(cutOff, .debug)
        case .inspection(let cause): return OriginFailure(cause)
        case .storage(let cause):
            return OriginFailure(
                ProblemDocument(
                    "store-failed",
                    status: .serviceUnavailable,
                    title: "The store failed",
                    detail: "The store of originals cannot do this now; nothing was half-stored. Try again later.",
                    retryAfterSeconds: 5
                ),
                isNotFound(cause) ? .notice : .error
            )
        case .damaged:
            let detail = "The stored original is damaged; storing the same picture again repairs it."
            return OriginFailure(problem("internal", .internalServerError, "Internal error", detail), .error)
        case .cancelled: return failure(RenderingError.cancelled)
        }
    }

    private static func isNotFound(_ error: ObjectStoreError) -> Bool {
        if case .notFound = error { true } else { false }
    }

    private static let cutOff = ProblemDocument(
        "cut-off",
        status: .badRequest,
        title: "The request ended early",
        detail: "The connection closed before the whole body had arrived; nothing was stored."
    )

    private static func problem(_ error: TransformationError) -> ProblemDocument {
        ProblemDocument(
            "bad-option",
            status: .badRequest,
            title: "The URL cannot be used",
            detail: error.description,
            option: error.option
        )
    }

    private static func problem(_ error: HTTPError) -> ProblemDocument {
        switch error.status {
        case .notFound:
            ProblemDocument(
                "not-found",
                status: .notFound,
                title: "Not found",
                detail: "There is nothing at this path."
            )
        case .contentTooLarge: tooLarge("The body is larger than this server takes.")
        default:
            ProblemDocument(
                "bad-request",
                status: error.status,
                title: error.status.reasonPhrase,
                detail: error.body ?? "The request cannot be served."
            )
        }
    }

    static func tooLarge(_ detail: String) -> ProblemDocument {
        ProblemDocument("too-large", status: .contentTooLarge, title: "Too large", detail: detail)
    }

    static func failure(_ error: RenderingError) -> OriginFailure {
        switch error {
        case .failed(let failure): return Self.failure(failure)
        case .overloaded(let retryAfter):
            let seconds = Int((Double(retryAfter.nanoseconds) / 1e9).rounded(.up))
            return OriginFailure(overloaded("Too many pictures wait to be rendered.", seconds), .notice)
        case .deadlineExceeded:
            return OriginFailure(
                ProblemDocument(
                    "deadline",
                    status: .gatewayTimeout,
                    title: "Rendering took too long",
                    detail: "The picture was not ready within the server's time limit.",
                    retryAfterSeconds: 5
                ),
                .warning
            )
        case .workerCrashed:
            return OriginFailure(
                ProblemDocument(
                    "worker-crashed",
                    status: .internalServerError,
                    title: "The picture broke its render worker",
                    detail: "The isolated process that decoded this picture ended; other requests are not affected."
                ),
                .error
            )
        case .shuttingDown:
            return OriginFailure(overloaded("The server is shutting down.", 1), .info)
        case .cancelled:
            return OriginFailure(overloaded("The request was cancelled.", 1), .debug)
        }
    }

    private static func failure(_ failure: RenderFailure) -> OriginFailure {
        switch failure.code {
        case .unsupportedSource:
            OriginFailure(unprocessable("unsupported-source", "The source is not a picture", failure.message), .debug)
        case .corruptSource:
            OriginFailure(unprocessable("corrupt-source", "The picture is damaged", failure.message), .debug)
        case .limitExceeded:
            OriginFailure(unprocessable("limit-exceeded", "A limit is exceeded", failure.message), .debug)
        case .unsuitableTransformation:
            OriginFailure(unprocessable("unsuitable", "This cannot be done with this picture", failure.message), .debug)
        case .workerFault:
            OriginFailure(
                ProblemDocument(
                    "worker-fault",
                    status: .internalServerError,
                    title: "The render worker failed",
                    detail: failure.message
                ),
                .error
            )
        }
    }

    private static func unprocessable(_ slug: String, _ title: String, _ detail: String) -> ProblemDocument {
        ProblemDocument(slug, status: .unprocessableContent, title: title, detail: detail)
    }

    private static func overloaded(_ detail: String, _ seconds: Int) -> ProblemDocument {
        ProblemDocument(
            "overloaded",
            status: .serviceUnavailable,
            title: "Busy",
            detail: detail + " Try again later.",
            retryAfterSeconds: max(1, seconds)
        )
    }

    private static func failure(_ error: SourceError) -> OriginFailure {
        let detail = "The source cannot be used: \(error)."
        func problem(_ slug: String, _ status: HTTPResponse.Status, _ title: String) -> ProblemDocument {
            ProblemDocument(slug, status: status, title: title, detail: detail)
        }
        switch error {
        case .malformed:
            var malformed = problem("bad-source", .badRequest, "The source URL is wrong")
            malformed.option = "source"
            return OriginFailure(malformed, .debug)
        case .notAllowed: return OriginFailure(problem("source-refused", .forbidden, "Source not allowed"), .notice)
        case .notFound: return OriginFailure(problem("source-not-found", .notFound, "No such source"), .debug)
        case .accessDenied: return OriginFailure(problem("source-denied", .badGateway, "Source denies access"), .notice)
        case .tooLarge:
            return OriginFailure(problem("source-too-large", .unprocessableContent, "Source too large"), .notice)
        case .refused, .unreachable, .broken, .tooManyRedirects:
            return OriginFailure(problem("source-failed", .badGateway, "The source failed"), .notice)
        case .timedOut: return OriginFailure(problem("source-timeout", .gatewayTimeout, "Source too slow"), .notice)
        case .overloaded: return OriginFailure(overloaded("Too many sources are being fetched.", 1), .notice)
        case .storage: return OriginFailure(problem("internal", .internalServerError, "Internal error"), .error)
        case .cancelled: return OriginFailure(overloaded("The request was cancelled.", 1), .debug)
        }
    }
}
