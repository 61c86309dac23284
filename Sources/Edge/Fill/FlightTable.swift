import Caching
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization
import Telemetry
import Wire

/// The fetches under way, and who shares them.
///
/// The waiting is `Collapser`'s: one leader per name, followers with their own patience, another leader when the first
/// takes too long. This table adds that a fetch belongs to nobody: a leader that goes leaves its fetch to the next.
final class FlightTable: Sendable {
    private let parts: EdgeParts
    private let collapser: Collapser<String, Flight, EdgeFailure>
    private let flights = Mutex<[String: Flight]>([:])
    private let numbers = Atomic<Int>(0)
    /// How many fetches of each URL are under way, those for one request included.
    private let underWay = Mutex<[String: Int]>([:])

    /// The clock measures the patience of those who wait, and the age of who they wait for.
    init(_ parts: EdgeParts, clock: some Clock<Duration> = ContinuousClock()) {
        self.parts = parts
        let settings = parts.settings
        collapser = Collapser(
            limits: .init(
                followersMax: settings.followersMax,
                permitLifetime: settings.leaderAge,
                patience: settings.patience
            ),
            clock: clock
        )
    }

    /// Fetches under way that may be shared.
    var count: Int { flights.withLock { $0.count } }

    /// Flights that requests wait for, and the requests that wait behind the first of each.
    var load: (keys: Int, waiting: Int) { collapser.load }

    /// Requests that wait for the shared fetch of a name themselves; `nil` when there is none.
    func waiters(for name: String) -> Int? { flights.withLock { $0[name]?.waiterCount } }

    /// Waits for the head of the answer to an errand, fetching if nobody does.
    ///
    /// - Returns: the flight, and whether it is the caller's own: then the caller joins the body as expected, or
    ///   detaches.
    func join(_ errand: Errand, for viewer: Viewer) async throws(EdgeFailure) -> (Flight, isOwn: Bool) {
        let name = errand.place.name
        let (first, isNew) = current(name, errand, viewer)
        var own = isNew ? first : nil
        do throws(CollapseError<EdgeFailure>) {
            // Those who wait for one flight wait together; a flight that a purge has overtaken has no new followers.
            let flight = try await collapser.value(for: "\(name)\n\(first.number)") {
                () async throws(EdgeFailure) -> Flight in
                var flight = first
                if !isNew {
                    // The leader has gone, or takes too long.
                    let (next, isNext) = current(name, errand, viewer)
                    flight = next
                    if isNext { own = next }
                }
                _ = try await flight.answer()
                return flight
            }
            if let own, own !== flight { own.detach() }
            return (flight, own === flight)
        } catch {
            own?.detach()
            switch error {
            case .failed(let failure): throw failure
            case .crowded: throw .overloaded(retryAfterSeconds: 1)
            case .timedOut: throw .timedOut
            case .cancelled: throw .abandoned
            }
        }
    }

    /// Fetches for one request; nobody shares it.
    func alone(_ errand: Errand, for viewer: Viewer) -> Flight {
        let flight = makeFlight(errand, attached: 1)
        start(flight, mission(errand, viewer, isShared: false)) {}
        return flight
    }

    /// Fetches in the background, unless an equal fetch is under way.
    func refresh(_ errand: Errand, for viewer: Viewer) {
        let name = errand.place.name
        let flight = flights.withLock { flights -> Flight? in
            guard flights[name] == nil else { return nil }
            let flight = makeFlight(errand, attached: 0)
            flights[name] = flight
            return flight
        }
        guard let flight else { return }
        start(flight, mission(errand, viewer, isShared: true)) { self.end(name, flight) }
    }

    /// The flight for a name that can be shared, or a new one.
    private func current(_ name: String, _ errand: Errand, _ viewer: Viewer) -> (Flight, isNew: Bool) {
        let now = parts.uptime()
        let wall = parts.nowMilliseconds()
        let (flight, isNew) = flights.withLock { flights -> (Flight, Bool) in
            if let flight = flights[name], flight.isJoinable, parts.board.verdict(for: flight.subject) == .live,
                flight.isAnswered
                    ? flight.mayAnswer(viewer.policy, at: wall) : now - flight.started < parts.settings.leaderAge
            {
                return (flight, false)
            }
            let flight = makeFlight(errand, attached: 1)
            flights[name] = flight
            return (flight, true)
        }
        if isNew { start(flight, mission(errand, viewer, isShared: true)) { self.end(name, flight) } }
        return (flight, isNew)
    }

    private func makeFlight(_ errand: Errand, attached: Int) -> Flight {
        Flight(
            number: numbers.add(1, ordering: .relaxed).newValue,
            started: parts.uptime(),
            subject: PurgeSubject(bornSequence: parts.board.sequence, url: errand.name.url, tags: errand.name.tags),
            attached: attached
        )
    }

    /// Whether a URL is being fetched, for one request or for many.
    func isFetching(_ url: String) -> Bool { underWay.withLock { $0[url] != nil } }

    private func end(_ name: String, _ flight: Flight) {
        flights.withLock { flights in
            if flights[name] === flight { flights[name] = nil }
        }
    }

    /// `then`: called before the end of the body is seen, and again when the flight is over.
    private func start(_ flight: Flight, _ mission: FetchRun.Mission, then: @escaping @Sendable () -> Void) {
        let parts = parts
        let path = mission.request.path ?? "/"
        let client = mission.client
        let tenant = mission.request.authority ?? parts.settings.defaultAuthority
        let url = mission.name.url
        underWay.withLock { $0[url, default: 0] += 1 }
        let isStarted = parts.nursery.start {
            defer {
                then()
                self.endFetch(of: url)
            }
            guard let direct = parts.route(mission.name, path) else { return flight.resolve(.failure(.notFound)) }
            let origin = parts.deriving(mission, otherwise: direct)
            do throws(EdgeFailure) {
                try parts.limits.take(client: client, tenant: tenant, nowMilliseconds: parts.nowMilliseconds())
                try await parts.admitted(client) { () async throws(EdgeFailure) in
                    await FetchRun(flight: flight, mission: mission, service: parts, willEnd: then).run(from: origin)
                }
            } catch {
                FetchRun(flight: flight, mission: mission, service: parts, willEnd: then).fail(error)
            }
        }
        guard !isStarted else { return }
        flight.resolve(.failure(.shuttingDown))
        then()
        endFetch(of: url)
    }

    private func endFetch(of url: String) {
        underWay.withLock { underWay in
            let left = (underWay[url] ?? 1) - 1
            underWay[url] = left > 0 ? left : nil
        }
    }

    private func mission(_ errand: Errand, _ viewer: Viewer, isShared: Bool) -> FetchRun.Mission {
        let request = viewer.request
        let isConditional = viewer.policy.flags.contains(.isConditional)
        var asked = request
        var validated: CachedResponse?
        if let stored = errand.validated, isShared || (request.method == .get && !isConditional) {
            validated = stored
            asked = ConditionalFetch.validating(request, stored: stored.stored)
            // Byte for byte as the origin wrote it.
            if let tag = stored.head.fields[fields: .eTag].first {
                asked.headerFields[fields: .ifNoneMatch] = [tag.renamed(.ifNoneMatch)]
            }
        } else if isShared {
            asked = ConditionalFetch.unconditional(request)
        } else if viewer.policy.flags.contains(.hasRange), request.method == .get {
            asked = ConditionalFetch.ranged(request)
        }
        asked.headerFields[.traceparent] = viewer.trace.traceparent
        if errand.picture != nil, parts.derivations != nil, let wants = DerivationBook.wantsField {
            asked.headerFields[wants] = RenditionFacts.wants
        }
        let address = viewer.exchange.remoteAddress?.ipAddress
        let exchange = viewer.exchange
        return FetchRun.Mission(
            name: errand.name,
            picture: errand.picture,
            request: isShared ? ConditionalFetch.unconditional(request) : request,
            upstreamRequest: ForwardedMessage.request(asked, by: parts.settings.identity, clientAddress: address),
            validated: validated,
            fallback: errand.fallback,
            known: errand.validated ?? errand.fallback,
            mayStore: request.method == .get && !viewer.policy.flags.contains(.noStore),
            client: viewer.address
        ) { response in
            // What the upstream thinks of its request's body is no concern of the viewer's.
            guard response.status != .continue else { return }
            // A viewer who has gone hears nothing; the fetch goes on.
            try? await exchange.inform(response)
        }
    }
}
