package import Caching
package import Fleet
import HTTPSemantics
import HTTPTypes
import NIOCore
import Telemetry
import Wire

/// What the edge's parts share; wired by hand in the binary.
package final class EdgeParts: Sendable {
    package let settings: EdgeSettings
    let store: ResponseStore
    package let metrics: EdgeMetrics
    let nursery = TaskNursery()
    package let limits: EdgeLimits
    package let gate: AdmissionGate
    package let naming: PictureNaming?
    /// Where what is not here comes from, by request; `nil` when nobody has it.
    let route: @Sendable (ResourceName, String) -> (any OriginConnector)?
    /// The wall clock, milliseconds since 1970.
    package let nowMilliseconds: @Sendable () -> Int64
    /// Time since a fixed moment; never goes backwards.
    package let uptime: @Sendable () -> Duration
    package let accessLog: AccessLog?
    /// Counts deliveries of pictures; `nil` where nobody wants to know.
    package let deliveries: DeliveryCounter?
    package let popular: Popularity
    package let trial: PictureTrial
    /// Makes an invalidation durable; one of a tag is also made, here and at the region's other nodes.
    let keepInvalidation: @Sendable (PurgeScope) async -> Void

    package init(
        settings: EdgeSettings,
        memory: MemoryTier,
        disk: DiskTier?,
        board: PurgeBoard,
        hashSeed: UInt64,
        metrics: EdgeMetrics,
        limits: EdgeLimits,
        gate: AdmissionGate,
        naming: PictureNaming?,
        derivations: DerivationBook?,
        nowMilliseconds: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> Duration,
        accessLog: AccessLog?,
        deliveries: DeliveryCounter? = nil,
        trial: PictureTrial = PictureTrial(),
        keepInvalidation: @escaping @Sendable (PurgeScope) async -> Void,
        route: @escaping @Sendable (_ name: ResourceName, _ path: String) -> (any OriginConnector)?
    ) {
        self.settings = settings
        store = ResponseStore(
            memory: memory,
            disk: disk,
            front: FrontIndex(seed: hashSeed),
            board: board,
            derivations: derivations
        )
        self.metrics = metrics
        self.limits = limits
        self.gate = gate
        self.naming = naming
        self.route = route
        self.nowMilliseconds = nowMilliseconds
        self.uptime = uptime
        self.accessLog = accessLog
        self.deliveries = deliveries
        self.trial = trial
        self.keepInvalidation = keepInvalidation
        popular = Popularity(seed: hashSeed)
    }

    package var board: PurgeBoard { store.board }
    package var memory: MemoryTier { store.memory }
    package var disk: DiskTier? { store.disk }
    package var derivations: DerivationBook? { store.derivations }

    /// Stores a complete answer.
    @discardableResult
    func keep(
        _ streamed: Flight.Streamed,
        _ stored: StoredResponse,
        _ body: ByteBuffer,
        _ subject: PurgeSubject,
        cost: Float,
        now: Int64
    ) -> CachedResponse {
        store.store(at: streamed.place, rule: streamed.rule, nowMilliseconds: now) { key in
            CachedResponse(
                key: key.entry,
                name: key.name,
                stored: stored,
                body: body,
                subject: subject,
                costMilliseconds: cost,
                maker: streamed.maker
            )
        }
    }

    /// Works when the upstream can take it; sheds early when it cannot.
    func admitted(_ tenant: String, _ work: () async throws(EdgeFailure) -> Void) async throws(EdgeFailure) {
        let result: Result<Void, EdgeFailure>
        do throws(AdmissionError) {
            result = try await gate.withPermit(tenant: tenant, work)
        } catch {
            switch error {
            case .refused(let refusal): throw .overloaded(retryAfterSeconds: refusal.retryAfterSeconds)
            case .cancelled: throw .abandoned
            }
        }
        try result.get()
    }

    /// Makes a memory hit known to the hit path, if the request was a plain one.
    func publish(_ response: CachedResponse, _ name: ResourceName, _ viewer: Viewer) {
        guard viewer.policy.flags.contains(.isGet) || viewer.policy.flags.contains(.isHead),
            response.stored.partial == nil, !response.isEvicted, response.policy.isReusableWithoutValidation,
            let authority = viewer.request.authority, let path = viewer.request.path
        else { return }
        let epoch = name.isOpen ? viewer.epoch : PictureTrial.everyEpoch
        // While an experiment runs, who asks decides what an open URL means.
        guard !viewer.isInTrial || !name.isOpen else { return }
        var selecting = name.selecting.map { SelectingField($0) }
        if case .fields(let names) = name.rule(response.stored.varyRule) {
            selecting += names.filter { !name.selecting.contains($0) }.map { SelectingField($0) }
        }
        let alternative = FrontRecord.Alternative(
            selector: SelectingField.selector(selecting, in: viewer.request.headerFields),
            hit: PreparedHit(
                response,
                validUntilMilliseconds: name.validUntilMilliseconds,
                product: settings.identity.product,
                epoch: epoch,
                content: content(of: path, name)
            )
        )
        store.front.publish(
            host: Array(authority.utf8),
            target: Array(path.utf8),
            selecting: selecting,
            alternative: alternative
        )
    }

    /// Counts an answered request, and writes its line.
    func observe(_ viewer: Viewer) {
        let microseconds = Int((uptime() - viewer.started) / .microseconds(1))
        metrics.count(viewer.outcome, bytes: viewer.sentBytes, microseconds: microseconds)
        if let name = viewer.name {
            popular.record(EntryKey(of: name.text.utf8), name: name.url)
        }
        if let arm = viewer.plan?.arm, viewer.sentStatus == 200, viewer.request.method == .get {
            trial.delivered(
                arm,
                viewer.exchange.request,
                isHit: viewer.outcome.isFromStore,
                bytes: viewer.sentBytes,
                microseconds: microseconds,
                traceparent: viewer.trace.traceparent
            )
        }
        let now = nowMilliseconds()
        countDelivery(to: viewer, at: now)
        guard let accessLog else { return }
        var line = AccessLine(
            nowMilliseconds: now,
            address: viewer.address,
            status: viewer.sentStatus,
            bytes: viewer.sentBytes
        )
        line.method = viewer.request.method.rawValue
        let target = viewer.exchange.request.path ?? "*"
        let shown = viewer.outcome == .own ? KeyMask.masked(target) : target
        line.target = String(shown.prefix(AccessLine.targetBytesMax))
        line.host = viewer.request.authority ?? "-"
        line.isVersion11 = viewer.exchange.isVersion11
        line.outcome = viewer.outcome
        line.microseconds = microseconds
        line.cacheStatus = viewer.status.fieldValue
        line.traceID = viewer.trace.traceID.description
        line.referer = viewer.request.headerFields[.referer] ?? "-"
        line.agent = viewer.request.headerFields[.userAgent] ?? "-"
        accessLog.append { line.write(as: accessLog.format, to: &$0) }
    }
}
