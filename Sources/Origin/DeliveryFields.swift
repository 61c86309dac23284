import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Originals
import Telemetry

/// The header fields of a delivery, and the answers that need no body.
struct DeliveryFields {
    let settings: OriginSettings
    let transformation: Transformation
    /// Request fields that matter for this URL, for `Vary`.
    let varying: [String]
    let access: SourceAccess
    /// Seconds since 1970.
    let now: Int64
    var tag: EntityTag?
    /// What the remote ones among the sources said about their bytes, layers included.
    var sources: [SourceFacts] = []
    /// Whether the source or a layer is a private original.
    var isPrivate: Bool

    init(settings: OriginSettings, transformation: Transformation, varying: [String], access: SourceAccess, now: Int64)
    {
        self.settings = settings
        self.transformation = transformation
        self.varying = varying
        self.access = access
        isPrivate = access.isPrivate
        self.now = now
    }

    /// 304 or 412 when the request's preconditions say so.
    func early(_ request: Request, tag: EntityTag?) throws -> Response? {
        guard let tag else { return nil }
        switch ConditionalRequest(fields: request.headers, tag: tag) {
        case .proceed: return nil
        case .notModified:
            var fields = common()
            fields[.eTag] = tag.fieldValue
            fields[.cacheStatus] = "vitrine; hit; detail=unchanged"
            return Response(status: .notModified, headers: fields)
        case .preconditionFailed:
            throw ProblemDocument(
                "precondition-failed",
                status: .preconditionFailed,
                title: "Precondition failed",
                detail: "If-Match does not name the current picture."
            )
        }
    }

    func delivery(of rendered: RenditionService.Rendered, isCollapsed: Bool, isHead: Bool) -> Response {
        var fields = common()
        let head = rendered.head
        if let tag { fields[.eTag] = tag.fieldValue }
        if let format = head.format {
            fields[.contentType] = format.mediaType
            ImageResponse.harden(&fields, format: format)
        }
        fields[.contentDisposition] = ImageResponse.disposition(
            stem: transformation.filename ?? access.original?.stem,
            format: head.format,
            isAttachment: transformation.returnAttachment
        )
        if transformation.devicePixelRatio != 1 { fields[.contentDPR] = Self.plain(transformation.devicePixelRatio) }
        fields[.cacheStatus] = "vitrine; fwd=miss" + (isCollapsed ? "; collapsed" : "") + "; detail=rendered"
        fields[.serverTiming] = timing(of: rendered).description
        fields[.contentLength] = String(rendered.body.readableBytes)
        let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: rendered.body)
        return Response(status: .ok, headers: fields, body: body)
    }

    func information(_ body: ByteBuffer) -> Response {
        var fields = common()
        if let tag { fields[.eTag] = tag.fieldValue }
        fields[.contentType] = "application/json"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.cacheStatus] = "vitrine; fwd=miss; detail=inspected"
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: body))
    }

    /// Cache-Control, Vary and what else all answers of one URL share, 304 included: it renews what a cache keeps.
    func common() -> HTTPFields {
        var fields = HTTPFields()
        var age = settings.maxAgeSeconds
        if let freshness = sources.compactMap(\.maxAgeSeconds).min() { age = min(age, Int64(freshness)) }
        if let expires = transformation.expires { age = max(0, min(age, expires - now)) }
        let directives = Set(sources.flatMap(\.cacheDirectives))
        let scope = isPrivate || directives.contains("private") ? "private" : "public"
        let isFixed = access.original != nil && sources.isEmpty && transformation.expires == nil && age > 0
        fields[.cacheControl] =
            age == 0 ? "no-cache, \(scope)" : "\(scope), max-age=\(age)" + (isFixed ? ", immutable" : "")
        if directives.contains("no-store") { fields[.cacheControl] = "no-store" }
        if !varying.isEmpty { fields[.vary] = varying.joined(separator: ", ") }
        fields[.crossOriginResourcePolicy] = "cross-origin"
        return fields
    }

    private func timing(of rendered: RenditionService.Rendered) -> ServerTiming {
        var timing = ServerTiming()
        timing.add("source", rendered.loading)
        timing.add("queue", .microseconds(rendered.head.queueMicroseconds))
        timing.add("render", .microseconds(rendered.head.workerMicroseconds))
        timing.add("encode", .microseconds(rendered.head.encodeMicroseconds))
        return timing
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
