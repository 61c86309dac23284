import CoreMetrics
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Originals
import Rendering

/// `/originals`: upload, list, read, delete.
struct OriginalRoutes: Sendable {
    static let pageMax = 500
    static let nameBytesMax = 255

    private let parts: OriginParts

    init(_ parts: OriginParts) { self.parts = parts }

    func add(to router: Router<OriginContext>) {
        router.post("/originals") { request, context in try await upload(request, context) }
        router.get("/originals") { request, _ in try await list(request) }
        router.put("/originals/:id/visibility/:visibility") { request, context in
            try await setVisibility(request, context)
        }
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/originals/:id", method: method) { request, context in
                try await read(request, id: try Self.id(context))
            }
        }
        router.delete("/originals/:id") { request, context in
            try parts.access.requireToken(request.head)
            let id = try Self.id(context)
            _ = try await parts.originals.find(id)
            try await parts.originals.delete(id)
            return Response(status: .noContent)
        }
    }

    // MARK: Upload

    private func upload(_ request: Request, _ context: OriginContext) async throws -> Response {
        do {
            return try await store(request)
        } catch {
            // What the client still sends is not wanted: end the connection after the answer, in bounded time.
            return OriginFailure(error).problem.response
        }
    }

    private func store(_ request: Request) async throws -> Response {
        try parts.access.requireToken(request.head)
        if request.headers[.contentType]?.lowercased().hasPrefix("multipart/") == true {
            throw ProblemDocument(
                "multipart",
                status: .unsupportedMediaType,
                title: "Send the picture itself",
                detail: "The body must be the picture's bytes, as in: curl --data-binary @photo.jpg URL"
            )
        }
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        let attributes = try attributes(request)
        let outcome = try await parts.originals.ingest(
            request.body,
            declaredLength: declared,
            attributes: attributes
        ) { picture in
            try await PictureInspection(pool: parts.pool, limits: parts.settings.limits)
                .facts(of: picture, tenant: TenantID(attributes.owner ?? "public"))
        }
        parts.metrics.uploadedBytes.increment(by: outcome.original.facts.bytes)
        var response = JSONAnswer.response(
            OriginalText.json(outcome) + "\n",
            status: outcome.existed ? .ok : .created
        )
        response.headers[.location] = "/originals/" + outcome.original.id.hex
        return response
    }

    private func attributes(_ request: Request) throws -> IngestAttributes {
        let query = request.uri.queryParameters
        func text(_ name: Substring) throws -> String? {
            guard let value = query[name], !value.isEmpty else { return nil }
            let isPlain = !value.unicodeScalars.contains { $0.value < 0x20 }
            guard value.utf8.count <= Self.nameBytesMax, isPlain else {
                throw badQuery("\(name) has at most \(Self.nameBytesMax) bytes and no control characters.")
            }
            return String(value)
        }
        guard let visibility = Visibility(rawValue: query["visibility"].map(String.init) ?? "public") else {
            throw badQuery("visibility is \"public\" or \"private\".")
        }
        return IngestAttributes(owner: try text("owner"), visibility: visibility, filename: try text("filename"))
    }

    private func setVisibility(_ request: Request, _ context: OriginContext) async throws -> Response {
        try parts.access.requireToken(request.head)
        guard let visibility = context.parameters.get("visibility").flatMap({ Visibility(rawValue: $0) }) else {
            throw badQuery("visibility is \"public\" or \"private\".")
        }
        let original = try await parts.originals.setVisibility(of: try Self.id(context), to: visibility)
        return JSONAnswer.response(OriginalText.json(original) + "\n")
    }

    // MARK: List and read

    private func list(_ request: Request) async throws -> Response {
        try parts.access.requireToken(request.head)
        let query = request.uri.queryParameters
        guard let limit = query["limit"].map({ Int($0) }) ?? 100, (1...Self.pageMax).contains(limit) else {
            throw badQuery("limit is a number from 1 to \(Self.pageMax).")
        }
        var after: ContentDigest?
        if let text = query["after"] {
            guard let digest = ContentDigest(hex: text) else {
                throw badQuery("after is the \"next\" of the page before.")
            }
            after = digest
        }
        let page = try await parts.originals.list(after: after, limit: limit)
        let entries = page.originals.map { OriginalText.json($0) }.joined(separator: ",\n")
        let next = page.next.map { JSONText.quoted($0.hex) } ?? "null"
        return JSONAnswer.response("{\"originals\":[\(entries)],\"next\":\(next)}\n")
    }

    private func read(_ request: Request, id: ContentDigest) async throws -> Response {
        try requireReader(request, id: id)
        let original = try await parts.originals.find(id)
        let tag = EntityTag(id.hex)
        var fields = HTTPFields()
        fields[.cacheControl] =
            original.visibility == .private ? "private, no-cache" : "private, max-age=31536000, immutable"
        fields[.eTag] = tag.fieldValue
        switch ConditionalRequest(fields: request.headers, tag: tag) {
        case .notModified: return Response(status: .notModified, headers: fields)
        case .preconditionFailed:
            throw ProblemDocument(
                "precondition-failed",
                status: .preconditionFailed,
                title: "Precondition failed",
                detail: "If-Match does not name this original."
            )
        case .proceed: break
        }
        fields[.contentType] = original.facts.format.mediaType
        ImageResponse.harden(&fields, format: original.facts.format)
        fields[.contentDisposition] = ImageResponse.disposition(
            stem: original.stem,
            format: original.facts.format,
            isAttachment: request.uri.queryParameters["download"] == "1"
        )
        return RangedAnswer.response(
            request,
            bytes: try await SourceLoader(parts).bytes(of: id),
            tag: tag,
            fields: fields
        )
    }

    /// An original is read with a token, or by a URL signed over `/originals/{id}?exp=TIME` that has not expired.
    private func requireReader(_ request: Request, id: ContentDigest) throws {
        let query = request.uri.queryParameters
        guard let signature = query["signature"], let expires = query["exp"], let time = Int64(expires) else {
            try parts.access.requireToken(request.head)
            return
        }
        try parts.access.requireSignature(
            String(signature),
            over: "/originals/\(id.hex)?exp=\(expires)",
            request: request.head
        )
        guard time >= parts.secondsSince1970() else {
            throw RenditionService.expired
        }
    }

    private static func id(_ context: OriginContext) throws -> ContentDigest {
        guard let text = context.parameters.get("id"), let id = ContentDigest(hex: text) else { throw Self.missing }
        return id
    }

    private static let missing = ProblemDocument(
        "not-found",
        status: .notFound,
        title: "No such original",
        detail: "The id of an original is 64 hexadecimal digits."
    )

    private func badQuery(_ detail: String) -> ProblemDocument {
        ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: detail)
    }
}
