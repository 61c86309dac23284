import Caching
import CoreMetrics
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Originals
import Rendering
import Telemetry

/// `GET /img/…` and `GET /info/…`: from a URL to a picture or to facts about one.
///
/// The order matters: the signature before anything that costs, the preconditions before anything is rendered. Equal
/// renditions asked for at the same time are rendered once.
struct RenditionService: Sendable {
    /// What one rendering gave to everybody who asked for it.
    struct Rendered: Sendable {
        var head: RenderResult.Head
        var body: ByteBuffer
        /// What the remote ones among the sources said about their bytes.
        var sources: [SourceFacts]
        var loading: Duration
    }

    private let parts: OriginParts
    private let sources: SourceLoader
    private let negotiation: Negotiation
    private let collapser: Collapser<String, Rendered, RenditionFailure>

    /// Requests that may wait for one equal rendition; past it they are answered 503.
    static let followersMax = 1_024

    init(_ parts: OriginParts) {
        self.parts = parts
        sources = SourceLoader(parts)
        negotiation = Negotiation(
            formats: parts.settings.negotiated,
            usesClientHints: parts.settings.followsClientHints,
            usesSaveData: parts.settings.followsClientHints
        )
        collapser = Collapser(
            limits: .init(followersMax: Self.followersMax, permitLifetime: .seconds(120), patience: .seconds(120))
        )
    }

    // MARK: Renditions

    func deliver(_ request: Request) async throws -> Response {
        let path = try checkedPath(request, prefix: "/img")
        let outcome = negotiation.outcome(for: path, hints: Self.hints(request), defaults: parts.settings.defaults)
        let access = try await sources.resolve(path.source, expires: outcome.transformation.expires)
        if outcome.transformation.raw {
            return try await RawDelivery(parts, sources).deliver(request, path: path, access: access)
        }
        let job = try job(for: outcome)
        let key = CacheKey(
            source: path.source,
            transformation: job.transformation,
            negotiated: outcome.formats
        ).text
        var response = DeliveryFields(
            settings: parts.settings,
            transformation: outcome.transformation,
            varying: outcome.varyingHeaders,
            access: access,
            now: parts.secondsSince1970()
        )
        var layers: [SourceAccess] = []
        for reference in job.transformation.layerSources {
            layers.append(try await sources.resolve(reference, expires: outcome.transformation.expires))
        }
        response.isPrivate = access.isPrivate || layers.contains(where: \.isPrivate)
        let identity = sources.identity(of: access, others: job.transformation.layerSources)
        if let identity {
            let tag = EntityTags.tag(engine: parts.settings.engine, key: key, identity: identity)
            if let early = try response.early(request, tag: tag) { return early }
            response.tag = tag
        }
        let (rendered, isCollapsed) = try await rendered(
            key: key + "|" + (identity ?? ""),
            job: job,
            accesses: [access] + layers
        )
        response.sources = rendered.sources
        response.tag = response.tag ?? EntityTags.tag(of: rendered.body)
        if identity == nil, let early = try response.early(request, tag: response.tag) { return early }
        var delivery = response.delivery(of: rendered, isCollapsed: isCollapsed, isHead: request.method == .head)
        if let wants = HTTPField.Name(RenditionFacts.wantsName), request.headers[wants] == RenditionFacts.wants,
            let name = HTTPField.Name(RenditionFacts.fieldName)
        {
            delivery.headers[name] = RenditionFacts(rendered.head).text
        }
        return delivery
    }

    private func rendered(
        key: String,
        job: PreparedJob,
        accesses: [SourceAccess]
    ) async throws -> (Rendered, isCollapsed: Bool) {
        let isLeader = LeaderMark()
        do throws(CollapseError<RenditionFailure>) {
            let value = try await collapser.value(for: key) { () throws(RenditionFailure) in
                isLeader.set()
                return try await RenditionFailure.carrying { try await render(job, accesses) }
            }
            if !isLeader.isSet { parts.metrics.collapsed.increment() }
            return (value, !isLeader.isSet)
        } catch {
            switch error {
            case .failed(let failure): throw failure.cause
            case .crowded: throw RenderingError.overloaded(retryAfter: .seconds(1))
            case .timedOut: throw RenderingError.deadlineExceeded
            case .cancelled: throw RenderingError.cancelled
            }
        }
    }

    /// The first of the accesses is the source, the others are its layers.
    private func render(_ job: PreparedJob, _ accesses: [SourceAccess]) async throws -> Rendered {
        let start = parts.uptime()
        var loaded: [SourceLoader.Loaded] = []
        for access in accesses {
            loaded.append(try await sources.load(access, limits: job.fetchLimits))
        }
        let loading = parts.uptime() - start
        let task = RenderJob.Task.rendition(job.transformation, job.target)
        let result = try await parts.pool.run(
            RenderJob(task: task, limits: job.limits, defaults: parts.settings.defaults),
            sources: loaded.map(\.bytes),
            tenant: accesses[0].tenant
        )
        return Rendered(
            head: result.head,
            body: ByteBuffer(bytes: result.bytes),
            sources: loaded.compactMap(\.facts),
            loading: loading
        )
    }

    // MARK: Information

    func inform(_ request: Request) async throws -> Response {
        let path = try checkedPath(request, prefix: "/info")
        let access = try await sources.resolve(path.source, expires: path.transformation.expires)
        let limits = parts.settings.limits.narrowed(by: path.transformation)
        let loaded = try await sources.load(access, limits: FetchLimits(bytesMax: limits.sourceBytesMax))
        let job = RenderJob(
            task: .information(path.information ?? InformationRequest()),
            limits: limits,
            defaults: parts.settings.defaults
        )
        let result = try await parts.pool.run(job, sources: [loaded.bytes], tenant: access.tenant)
        let body = ByteBuffer(string: InformationText.json(result.head))
        var response = DeliveryFields(
            settings: parts.settings,
            transformation: path.transformation,
            varying: [],
            access: access,
            now: parts.secondsSince1970()
        )
        response.sources = [loaded.facts].compactMap(\.self)
        let tag = EntityTags.tag(of: body)
        if let early = try response.early(request, tag: tag) { return early }
        response.tag = tag
        return response.information(body)
    }

    // MARK: Checks

    /// Parses the path and checks signature and expiry.
    private func checkedPath(_ request: Request, prefix: String) throws -> DeliveryPath {
        let signed = try SignedPath(splitting: (request.head.path ?? "").dropFirst(prefix.utf8.count))
        try parts.access.requireSignature(signed.signature, over: signed.signedPart, request: request.head)
        let purpose: DeliveryPath.Purpose = prefix == "/info" ? .information : .rendition
        let path = try DeliveryPath(signed, purpose: purpose, presets: parts.settings.presets)
        if let expires = path.transformation.expires, expires < parts.secondsSince1970() {
            throw Self.expired
        }
        return path
    }

    static let expired = ProblemDocument(
        "expired",
        status: .notFound,
        title: "The URL has expired",
        detail: "Its time is over; ask for a new URL."
    )

    /// What the workers are sent: the server's watermark filled in, limits narrowed.
    private func job(for outcome: Negotiation.Outcome) throws -> PreparedJob {
        var transformation = outcome.transformation
        if transformation.watermark != nil, transformation.watermark?.source == nil {
            guard let watermark = parts.settings.watermark else {
                throw TransformationError(option: "watermark", reason: "this server has no watermark picture")
            }
            transformation.watermark?.source = watermark
        }
        return PreparedJob(
            transformation: transformation,
            target: outcome.target,
            limits: parts.settings.limits.narrowed(by: transformation)
        )
    }

    private static func hints(_ request: Request) -> RequestHints {
        func joined(_ name: HTTPField.Name) -> String? {
            let values = request.headers[values: name]
            return values.isEmpty ? nil : values.joined(separator: ",")
        }
        return RequestHints(
            accept: joined(.accept),
            secCHDPR: joined(.clientDPR),
            dpr: joined(.legacyDPR),
            secCHWidth: joined(.clientWidth),
            width: joined(.legacyWidth),
            saveData: joined(.saveData)
        )
    }
}
