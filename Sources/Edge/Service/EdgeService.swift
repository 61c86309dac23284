import Caching
import HTTPSemantics
import HTTPTypes
import Logging
import NIOCore
import ServiceLifecycle
package import Wire

/// The edge role: a shared HTTP cache (RFC 9111) in front of an upstream, of a region's other nodes and of the origin
/// in the same process.
///
/// **Promises.** What it serves as fresh is fresh by the origin's word, complete, and not purged; any number of
/// simultaneous requests for one thing cost one fetch; a viewer who leaves ends nobody else's answer. **Costs.** A hit
/// on the event loop takes some microseconds (`HitShortcut`); this path, taken by everything else, some tens more and
/// a task. **May fail** with what `EdgeFailure` lists; `EdgeProblem` says how each is answered.
package struct EdgeService: RequestHandler, Service {
    let parts: EdgeParts
    let flights: FlightTable
    let passes = PassBook()
    let own: OwnRoutes
    let logger = Logger(label: "vitrine.edge")

    /// The clock measures how long requests wait for each other.
    package init(_ parts: EdgeParts, own: OwnRoutes, clock: some Clock<Duration> = ContinuousClock()) {
        self.parts = parts
        self.own = own
        flights = FlightTable(parts, clock: clock)
    }

    /// Runs the fetches that outlive their requests, until shutdown.
    package func run() async throws { await parts.nursery.run() }

    package func handle(_ exchange: Exchange) async {
        let viewer = Viewer(exchange, parts)
        do throws(EdgeFailure) {
            try await answer(viewer)
        } catch {
            await refuse(viewer, error)
        }
        parts.observe(viewer)
    }

    private func answer(_ viewer: Viewer) async throws(EdgeFailure) {
        let exchange = viewer.tracedExchange
        if await own.take(exchange) {
            viewer.outcome = .own
            return viewer.wasTaken()
        }
        if let answer = await own.answer(exchange) {
            viewer.outcome = .own
            try await viewer.begin(answer.head)
            if viewer.request.method != .head {
                switch answer.body {
                case .whole(let bytes): try await viewer.write(bytes)
                case .pieces(let pieces): for await piece in pieces { try await viewer.write(piece) }
                }
            }
            return try await viewer.finish()
        }
        let request = viewer.request
        guard request.scheme != "https" else { throw .badRequest("This listener speaks plain http.") }
        if parts.settings.identity.isLooping(request.headerFields) { throw .loop }
        let url = ResourceName.url(of: request, defaultAuthority: parts.settings.defaultAuthority)
        let isReading = request.method == .get || request.method == .head
        guard isReading, viewer.exchange.hasNoBody else {
            return try await pass(viewer, ResourceName(url: url))
        }
        let picture = parts.naming?.named(request, url: url, nowMilliseconds: parts.nowMilliseconds())
        let name = picture?.name ?? ResourceName(url: url)
        viewer.name = name
        try await read(viewer, name, picture)
    }

    // MARK: Reading

    /// Looks the response up, and decides; a follower whose leader fetched another variant looks again.
    private func read(
        _ viewer: Viewer,
        _ name: ResourceName,
        _ picture: PictureNaming.Named?
    ) async throws(EdgeFailure) {
        for _ in 0..<Self.roundsMax {
            let place = await parts.store.place(of: name, viewer.request)
            let found = await parts.store.find(place, request: viewer.request)
            let now = parts.nowMilliseconds()
            var decision =
                found?.decision(for: viewer.policy, at: now)
                ?? viewer.policy.decisionWithoutStored(place.hasVariants ? .varyMiss : .uriMiss)
            if let found, found.tier == .disk, let picture {
                parts.derivations?.learn(found.response, as: picture, in: parts.store.memory)
            }
            if let found, decision == .serve || decision == .serveAndRevalidate {
                if try await serve(found, viewer, name, isRevalidating: decision == .serveAndRevalidate) { return }
                // A stored part that does not cover what is asked for.
                decision = .forward(.partial)
            }
            let reason: ForwardReason
            var validated: CachedResponse?
            switch decision {
            case .gatewayTimeout: throw .notCached
            case .validate(let why):
                reason = why
                validated = found?.response
            case .forward(let why): reason = why
            case .serve, .serveAndRevalidate: reason = .miss
            }
            viewer.status.forward = reason
            let fallback = found?.isPurgedSoftly == false ? found?.response : nil
            let errand = Errand(
                name: name,
                place: place,
                picture: picture,
                validated: validated,
                fallback: fallback ?? found?.response
            )
            guard mayShare(viewer, place, now) else {
                return try await fetchAlone(viewer, errand)
            }
            if try await fetchTogether(viewer, errand) { return }
        }
        let place = await parts.store.place(of: name, viewer.request)
        try await fetchAlone(viewer, Errand(name: name, place: place))
    }

    /// Rounds in which a request may follow others before it goes by itself.
    static let roundsMax = 3

    /// Whether a request may wait for, and share, the answer to an equal one.
    private func mayShare(_ viewer: Viewer, _ place: ResponseStore.Place, _ now: Int64) -> Bool {
        let flags = viewer.policy.flags
        guard flags.contains(.isGet), flags.isDisjoint(with: [.noStore, .hasRange, .hasOriginCondition])
        else { return false }
        return !passes.contains(place.resource.entry, nowMilliseconds: now)
    }

    // MARK: Failing

    private func refuse(_ viewer: Viewer, _ failure: EdgeFailure) async {
        guard !viewer.hasBegun else {
            // The head is out: the server closes the connection, so that the end is not taken for the whole.
            viewer.outcome = failure == .abandoned ? .gone : .failed
            return
        }
        if failure == .abandoned {
            viewer.outcome = .gone
            return
        }
        let answer = EdgeProblem(failure)
        viewer.outcome = answer.isShedding ? .shed : .failed
        if answer.level >= .error {
            logger.log(level: answer.level, "request failed", metadata: ["error": "\(failure)"])
        }
        viewer.status.detail = answer.problem.slug
        do throws(EdgeFailure) {
            let body = ByteBuffer(string: answer.problem.json)
            var head = HTTPResponse(status: answer.problem.status, headerFields: answer.problem.fields)
            head.headerFields[.contentLength] = String(body.readableBytes)
            try await viewer.begin(head)
            if viewer.request.method != .head { try await viewer.write(body) }
            try await viewer.finish()
        } catch {
            viewer.outcome = .gone
        }
    }
}
