import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Originals
import Rendering

/// `raw:1`: the source's own bytes under a delivery URL, unprocessed; ranges and preconditions work.
struct RawDelivery {
    private let parts: OriginParts
    private let sources: SourceLoader

    init(_ parts: OriginParts, _ sources: SourceLoader) {
        self.parts = parts
        self.sources = sources
    }

    func deliver(_ request: Request, path: DeliveryPath, access: SourceAccess) async throws -> Response {
        let limits = parts.settings.limits.narrowed(by: path.transformation)
        var fields = DeliveryFields(
            settings: parts.settings,
            transformation: path.transformation,
            varying: [],
            access: access,
            now: parts.secondsSince1970()
        )
        if let id = access.original?.id {
            fields.tag = EntityTag(id.hex)
            if let early = try fields.early(request, tag: fields.tag) { return early }
        }
        let loaded = try await sources.load(access, limits: FetchLimits(bytesMax: limits.sourceBytesMax))
        fields.sources = [loaded.facts].compactMap(\.self)
        if fields.tag == nil {
            fields.tag = EntityTags.tag(of: try loaded.bytes.read(at: 0, count: loaded.bytes.count))
            if let early = try fields.early(request, tag: fields.tag) { return early }
        }
        var header = fields.common()
        let format = access.original?.facts.format
        header[.contentType] = format?.mediaType ?? "application/octet-stream"
        ImageResponse.harden(&header, format: format)
        header[.contentDisposition] = ImageResponse.disposition(
            stem: path.transformation.filename ?? access.original?.stem,
            format: format,
            isAttachment: path.transformation.returnAttachment || format == nil
        )
        header[.cacheStatus] = "vitrine; fwd=miss; detail=raw"
        return RangedAnswer.response(request, bytes: loaded.bytes, tag: fields.tag, fields: header)
    }
}
