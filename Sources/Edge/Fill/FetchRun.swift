import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization

/// One fetch from its request to what is stored of the answer: turns what an origin sends into a flight's outcome.
///
/// The body is stored only after its end has come and its length was right; a fetch that fails on the way leaves
/// nothing behind, and what was stored before stays.
final class FetchRun: AnswerSink {
    /// What is fetched, and for whom.
    struct Mission: Sendable {
        var name: ResourceName
        /// What the name means, for a picture.
        var picture: PictureNaming.Named?
        /// The client's request.
        var request: HTTPRequest
        /// What is sent upstream.
        var upstreamRequest: HTTPRequest
        /// A stored response that the request asks to validate.
        var validated: CachedResponse?
        /// A stored response that may stand in when the origin fails.
        var fallback: CachedResponse?
        /// What is stored for the request, whether it may still be used or not.
        var known: CachedResponse?
        /// Whether the answer may be stored: not for HEAD.
        var mayStore: Bool
        /// The address of the viewer who began the fetch.
        var client: String
        /// Takes interim responses for the viewer who began the fetch.
        var inform: @Sendable (HTTPResponse) async -> Void
    }

    private enum Mode {
        case waiting
        /// A 304 did not fit what was to be validated.
        case mismatched
        /// The answer's body is of no use: a stored response is the answer.
        case ignoring
        case streaming(Flight.Streamed, StoredResponse?)
        case done
    }

    private struct State {
        var mode = Mode.waiting
        var requestMilliseconds: Int64
        var bornSequence: UInt64
        /// Whether the answer has been stored.
        var isKept = false
    }

    let flight: Flight
    let mission: Mission
    private let service: EdgeParts
    private let willEnd: @Sendable () -> Void
    private let state: Mutex<State>

    /// `willEnd`: called before the end of the body can be seen: nobody is to join from then on.
    init(flight: Flight, mission: Mission, service: EdgeParts, willEnd: @escaping @Sendable () -> Void) {
        self.willEnd = willEnd
        self.flight = flight
        self.mission = mission
        self.service = service
        state = Mutex(
            State(requestMilliseconds: service.nowMilliseconds(), bornSequence: service.store.board.sequence)
        )
    }

    /// Fetches; afterwards the flight is resolved and its body ended, well or not.
    func run(from origin: any OriginConnector) async {
        do throws(EdgeFailure) {
            do throws(EdgeFailure) {
                try await origin.fetch(mission.upstreamRequest, body: nil, into: self)
            } catch {
                guard case .mismatched = state.withLock({ $0.mode }) else { throw error }
                // A 304 that speaks of something else (RFC 9111 §4.3.4): asked again without conditions.
                state.withLock { $0.mode = .waiting }
                let request = ConditionalFetch.unconditional(mission.upstreamRequest)
                try await origin.fetch(request, body: nil, into: self)
            }
            if case .waiting = state.withLock({ $0.mode }) { throw .originFailed }
        } catch {
            fail(error)
        }
    }

    func fail(_ failure: EdgeFailure) {
        let mode = state.withLock { state in
            defer { state.mode = .done }
            return state.mode
        }
        switch mode {
        case .waiting, .mismatched:
            if let fallback = mission.fallback,
                fallback.policy.mayServeStale(after: .unreachable, at: service.nowMilliseconds())
            {
                flight.resolve(.success(.stored(fallback, .staleOnError)))
            } else {
                flight.resolve(.failure(failure))
            }
        case .streaming(let streamed, let stored):
            if stored != nil, !state.withLock({ $0.isKept }) { service.metrics.countUnstored(.incomplete) }
            streamed.fill.finish(.failure(failure))
        case .ignoring, .done: break
        }
    }

    // MARK: The answer

    func inform(_ response: HTTPResponse) async { await mission.inform(response) }

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        var head = head
        var isFromOwner = false
        if let mark = PeerOrigin.mark, head.headerFields[mark] != nil {
            head.headerFields[mark] = nil
            isFromOwner = true
        }
        let now = service.nowMilliseconds()
        let requested = state.withLock { $0.requestMilliseconds }
        if head.status == .notModified, let validated = mission.validated {
            try confirm(validated, by: head, requested: requested, now: now)
            return
        }
        if let failure = UpstreamFailure(statusCode: head.status.code), let fallback = mission.fallback,
            fallback.policy.mayServeStale(after: failure, at: now)
        {
            state.withLock { $0.mode = .ignoring }
            flight.resolve(.success(.stored(fallback, .staleOnError)))
            return
        }
        stream(head, requested: requested, now: now, isFromOwner: isFromOwner)
    }

    /// A 304 to our own conditional request.
    private func confirm(
        _ validated: CachedResponse,
        by head: HTTPResponse,
        requested: Int64,
        now: Int64
    ) throws(EdgeFailure) {
        let fresh = validated.stored.freshened(
            by: head,
            request: mission.request,
            requestMilliseconds: requested,
            responseMilliseconds: now,
            settings: service.settings.caching
        )
        guard let fresh else {
            state.withLock { $0.mode = .mismatched }
            throw .originFailed
        }
        let born = state.withLock { state in
            state.mode = .ignoring
            return state.bornSequence
        }
        var subject = validated.subject
        subject.bornSequence = born
        let renewed = CachedResponse(
            key: validated.key,
            name: validated.name,
            stored: fresh,
            body: validated.body,
            subject: subject,
            costMilliseconds: validated.costMilliseconds,
            maker: validated.maker
        )
        if fresh.policy.storability.isStored {
            service.store.store(renewed, nowMilliseconds: now)
        } else {
            service.store.remove(validated)
        }
        flight.resolve(.success(.stored(renewed, .validated)))
    }

    private func stream(_ head: HTTPResponse, requested: Int64, now: Int64, isFromOwner: Bool) {
        var stored = StoredResponse(
            request: mission.request,
            response: head,
            requestMilliseconds: requested,
            responseMilliseconds: now,
            settings: service.settings.caching
        )
        let length = head.headerFields[.contentLength].flatMap { Int($0) }
        let isSmallEnough = (length ?? 0) <= service.settings.storedBytesMax
        let isStored = mission.mayStore && stored.policy.storability.isStored && isSmallEnough
        if case .no(let refusal) = stored.policy.storability {
            service.metrics.countUnstored(.refused(refusal))
        } else if !isSmallEnough {
            service.metrics.countUnstored(.tooLarge)
        }
        let isSharedFailure = !isStored && mission.mayStore && Self.isSharedFailure(head, stored.policy)
        let rule = mission.name.rule(stored.varyRule)
        let place = service.store.place(for: mission.name, mission.request, response: head, rule: rule)
        var visible = HTTPResponse(status: head.status, headerFields: HopByHop.removed(from: head.headerFields))
        if !visible.headerFields.contains(.date) { visible.headerFields[.date] = stored.head.fields[.date] }
        let maker = Self.maker(head)
        // How long the making took is no news to those who come later.
        if maker != .fetched { stored.head.fields[.serverTiming] = nil }
        let kept = stored
        // What another node owns is kept here, too, when it is hot: else the region would hold everything everywhere.
        let keepsHere = isStored && (!isFromOwner || service.popular.isHot(place.resource.entry))
        _ = flight.stream(isKept: isStored || isSharedFailure) { fill in
            let streamed = Flight.Streamed(
                head: visible,
                policy: stored.policy,
                place: place,
                rule: rule,
                fill: fill,
                isShared: isStored || isSharedFailure,
                isStored: keepsHere,
                maker: maker,
                length: length
            )
            state.withLock { $0.mode = .streaming(streamed, keepsHere ? kept : nil) }
            return streamed
        }
    }

    /// What the origin in this process says of how it made the answer.
    private static func maker(_ head: HTTPResponse) -> CachedResponse.Maker {
        switch EdgeService.detail(of: head) {
        case "derived": .derived
        case "rendered": .rendered
        default: .fetched
        }
    }

    /// Those who wait get one failure together, instead of asking a failing origin one by one.
    private static func isSharedFailure(_ head: HTTPResponse, _ policy: ResponsePolicy) -> Bool {
        guard UpstreamFailure(statusCode: head.status.code) != nil, !head.headerFields.contains(.setCookie)
        else { return false }
        switch policy.storability {
        case .no(.isPrivate), .no(.varyAny), .no(.authorization): return false
        case .store, .no: return true
        }
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        let mode = state.withLock { $0.mode }
        guard case .streaming(let streamed, let stored) = mode else { return }
        let isFailure = streamed.head.status.code >= 500
        let limit = isFailure && stored == nil ? service.settings.sharedErrorBytesMax : service.settings.storedBytesMax
        if streamed.isShared, streamed.fill.writtenBytes + bytes.readableBytes > limit {
            streamed.fill.stopKeeping()
            if stored != nil { service.metrics.countUnstored(.tooLarge) }
            state.withLock { $0.mode = .streaming(streamed, nil) }
        }
        if let stored, streamed.length == streamed.fill.writtenBytes + bytes.readableBytes {
            // Nothing can come after it: stored before the last byte can be seen, so that whoever has it finds it all.
            keep(streamed, stored, last: bytes)
        }
        try await streamed.fill.write(bytes)
    }

    private func keep(_ streamed: Flight.Streamed, _ stored: StoredResponse, last: ByteBuffer?) {
        let (born, requested) = state.withLock { state in
            state.isKept = true
            return (state.bornSequence, state.requestMilliseconds)
        }
        guard let body = streamed.fill.keptBody(with: last),
            stored.partial.map({ $0.range.count == body.readableBytes }) ?? true
        else { return }
        let now = service.nowMilliseconds()
        let subject = PurgeSubject(
            bornSequence: born,
            url: mission.name.url,
            tags: mission.name.tags + SurrogateKeys.tags(of: stored.head.fields)
        )
        if service.store.board.verdict(for: subject) != .gone {
            let kept = service.keep(streamed, stored, body, subject, cost: Float(now - requested), now: now)
            if let picture = mission.picture {
                service.derivations?.learn(kept, as: picture, in: service.store.memory)
            }
        } else {
            service.metrics.countUnstored(.purged)
        }
        willEnd()
    }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) {
        let (mode, isKept) = state.withLock { state in
            defer { state.mode = .done }
            return (state.mode, state.isKept)
        }
        guard case .streaming(let streamed, let stored) = mode else { return }
        streamed.fill.endTrailers(trailers)
        // Stored before its end is seen, so that whoever asks after the end finds it.
        if let stored, !isKept { keep(streamed, stored, last: nil) }
        willEnd()
        streamed.fill.finish()
    }
}
