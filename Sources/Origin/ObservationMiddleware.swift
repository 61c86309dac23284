import CoreMetrics
import HTTPSemantics
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Telemetry

/// Around every request: trace context in and out, errors to problem documents, timing, metrics, access log.
struct ObservationMiddleware: RouterMiddleware {
    typealias Context = OriginContext

    let state: OriginState
    let metrics: OriginMetrics
    let logsAccess: Bool
    let uptime: @Sendable () -> Duration
    let logger = Logger(label: "vitrine.http")

    @concurrent
    func handle(
        _ request: Request,
        context: OriginContext,
        next: @concurrent (Request, OriginContext) async throws -> Response
    ) async throws -> Response {
        let start = uptime()
        state.began()
        defer { state.ended() }
        let trace = Self.trace(of: request)
        var response = await TraceContext.$current.withValue(trace) {
            await answer(request, context: context, next: next)
        }
        let elapsed = uptime() - start
        response.headers[.traceparent] = trace.traceparent
        var timing = ServerTiming()
        timing.add("total", elapsed)
        let parts = response.headers[.serverTiming].map { $0 + ", " } ?? ""
        response.headers[.serverTiming] = parts + timing.description
        if state.isDraining { response.headers[.connection] = "close" }
        if let length = response.body.contentLength { metrics.deliveredBytes.increment(by: length) }
        let route = Self.route(of: request.uri.path)
        metrics.answered(
            route: route,
            method: request.method.rawValue,
            status: response.status.code,
            nanoseconds: elapsed.nanoseconds
        )
        if logsAccess { log(request, response, elapsed, route, trace) }
        return response
    }

    private func answer(
        _ request: Request,
        context: OriginContext,
        next: @concurrent (Request, OriginContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch {
            if (error as? HTTPError)?.status == .notFound, let refusal = Self.wrongMethod(request) { return refusal }
            let failure = OriginFailure(error)
            if failure.level >= .error {
                logger.log(level: failure.level, "request failed", metadata: ["error": "\(error)"])
            }
            return failure.problem.response
        }
    }

    /// A path that exists, asked for with a method that it does not take.
    private static func wrongMethod(_ request: Request) -> Response? {
        guard let methods = KnownPath.methods(of: request.uri.path),
            !methods.split(separator: ", ").contains(Substring(request.method.rawValue))
        else { return nil }
        var response = ProblemDocument(
            "method",
            status: .methodNotAllowed,
            title: "Wrong method",
            detail: "This path takes \(methods)."
        ).response
        response.headers[.allow] = methods
        return response
    }

    private func log(
        _ request: Request,
        _ response: Response,
        _ elapsed: Duration,
        _ route: String,
        _ trace: TraceContext
    ) {
        logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)",
                "path": "\(Self.loggedPath(request))",
                "route": "\(route)",
                "status": "\(response.status.code)",
                "bytes": "\(response.body.contentLength ?? -1)",
                "duration_ms": "\(Double(elapsed.nanoseconds / 1_000) / 1_000)",
                "trace_id": "\(trace.traceID)",
            ]
        )
    }

    /// The path without what gives access, cut after 1,024 bytes.
    ///
    /// The query may hold a signature, and a delivery's first segment is one.
    private static func loggedPath(_ request: Request) -> String {
        let path = request.uri.path
        var segments = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        if segments.count == 3, segments[0] == "img" || segments[0] == "info" {
            segments[1] = segments[1] == "unsafe" ? "unsafe" : "…"
            return "/" + String(decoding: segments.joined(separator: "/").utf8.prefix(1_024), as: UTF8.self)
        }
        return String(decoding: path.utf8.prefix(1_024), as: UTF8.self)
    }

    private static func trace(of request: Request) -> TraceContext {
        var generator = SystemRandomNumberGenerator()
        let received = TraceContext(
            traceparent: request.headers[values: .traceparent],
            tracestate: request.headers[values: .tracestate]
        )
        return received?.child(using: &generator) ?? TraceContext(sampled: false, using: &generator)
    }

    /// A bounded set of names for metrics.
    static func route(of path: String) -> String {
        let first = path.dropFirst().prefix { $0 != "/" }
        switch first {
        case "": return "page"
        case "img", "info", "originals", "sign", "health", "ready", "page", "metrics", "admin": return String(first)
        default: return "other"
        }
    }
}

extension Duration {
    /// Whole nanoseconds.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
