import Caching
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import NIOCore
import Rendering

/// Makes a rendition from a larger cached one instead of asking for it; asks the origin after all when that fails.
///
/// What it gives is as old as its parent, so that it is not fresh for longer, and has an entity tag of its own: its
/// bytes are not those of the direct rendition.
struct DerivedOrigin: OriginConnector {
    let book: DerivationBook
    let parent: CachedResponse
    let plan: DerivationPlan
    let picture: PictureNaming.Named
    let origin: any OriginConnector
    let nowMilliseconds: @Sendable () -> Int64
    /// Compares a sample with the direct rendition, in the background.
    let compare: @Sendable (_ derived: ByteBuffer) -> Void

    func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure) {
        guard let (head, bytes) = await derived() else {
            return try await origin.fetch(request, body: body, into: sink)
        }
        try await sink.begin(head)
        try await sink.write(bytes)
        try await sink.end(trailers: nil)
        if book.recordDerivation() { compare(bytes) }
    }

    private func derived() async -> (HTTPResponse, ByteBuffer)? {
        do {
            let result = try await book.pool.run(
                plan.job(limits: book.limits, defaults: book.defaults),
                sources: [SharedBytes(copying: Array(parent.body.readableBytesView))],
                tenant: TenantID(picture.source.text.hasPrefix("original://") ? "public" : "sources")
            )
            guard plan.accepts(result.head), let format = result.head.format else { return nil }
            let bytes = ByteBuffer(bytes: result.bytes)
            return (head(of: result.head, format: format, bytes: bytes), bytes)
        } catch {
            // The direct way remains.
            return nil
        }
    }

    private func head(of result: RenderResult.Head, format: ImageFormat, bytes: ByteBuffer) -> HTTPResponse {
        var fields = parent.head.fields
        let digest = EntryKey(of: bytes.readableBytesView)
        fields[.eTag] = "\"d-\(String(digest.high, radix: 36))\(String(digest.low, radix: 36))\""
        fields[.contentType] = format.mediaType
        fields[.contentLength] = String(bytes.readableBytes)
        fields[.contentDisposition] = fields[.contentDisposition].map { renamed($0, to: format) }
        let ratio = picture.transformation.devicePixelRatio
        fields[.contentDPR] = ratio == 1 ? nil : ratio == ratio.rounded() ? String(Int(ratio)) : String(ratio)
        fields[.age] = String(max(0, parent.policy.ageSeconds(at: nowMilliseconds())))
        fields[.cacheStatus] = "vitrine; hit; detail=derived"
        var timing = "render;dur=\(Double(result.workerMicroseconds / 100) / 10)"
        timing += ", queue;dur=\(Double(result.queueMicroseconds / 100) / 10)"
        fields[.serverTiming] = timing
        if let name = DerivationBook.factsField { fields[name] = RenditionFacts(result).text }
        return HTTPResponse(status: .ok, headerFields: fields)
    }

    /// The parent's file names with the extension of the child's format.
    private func renamed(_ disposition: String, to format: ImageFormat) -> String {
        let type = parent.head.fields[.contentType]
        guard let old = ImageFormat.allCases.first(where: { $0.mediaType == type })?.fileExtension else {
            return disposition
        }
        let parts = disposition.split(separator: ";", omittingEmptySubsequences: false).map { part in
            for end in ["\"", ""] where part.hasSuffix("." + old + end) {
                return part.dropLast(old.count + end.count) + format.fileExtension + end
            }
            return String(part)
        }
        return parts.joined(separator: ";")
    }
}
