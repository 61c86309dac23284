import Assignments
import Edge
import HTTPTypes
import JSON
import Logging
import NIOCore
import NIOPosix
import ObjectStorage
import Publication
import ServiceLifecycle
import Settings
import SettingsDelivery
import Wire

/// What an edge delivers settings with, wired by hand: the feed, the surfaces, users' assignments and exposures.
struct SettingsNode: Sendable {
    let feed: SettingsFeed
    let directory: FeedDirectory
    let routes: SettingsRoutes
    let states: UserStates
    let forgetting: UserForgetting
    let exposures: ExposureRecorder
    let usage: LocalUsageLog
    let shadow: ShadowMeasurement?
    let limits: SettingsLimits
    let metrics: SettingsMetrics
    private let pool: UpstreamPool
    private let isBesideOrigin: Bool
    private let hasSource: Bool
    private let connected: [S3ObjectStore]

    /// What it shares with the rest of the process.
    struct Surroundings: Sendable {
        var configuration: ServeConfiguration
        /// The origin's settings, if it is in the same process.
        var local: StoreSource?
        /// The origin's store, if it is in the same process.
        var store: (any ObjectStore)?
        var group: MultiThreadedEventLoopGroup
        var peer: SettingsPeer
        var isUnsafe: Bool
        var node: String
        var logger: Logger
    }

    init(_ surroundings: Surroundings) async throws {
        let configuration = surroundings.configuration
        let settings = configuration.settings
        let now = WallClockTime.milliseconds
        let shelf = RecordShelf(store: try await FileObjectStore.open(path: configuration.dataFolder + "/settings"))
        pool = try UpstreamPool(group: surroundings.group)
        let source = Self.source(surroundings, pool)
        isBesideOrigin = surroundings.local != nil
        hasSource = source != nil
        feed = SettingsFeed(
            source: source,
            shelf: shelf,
            now: now,
            random: { Double.random(in: 0..<1) },
            tell: SettingsNews.log(to: surroundings.logger)
        )
        directory = FeedDirectory(feed) { reference in
            if let record = await shelf.record(reference) { return record.bytes }
            // What cannot be had now is asked for again.
            guard let bytes = try? await source?.record(reference.digest, bytesMax: reference.byteCount) else {
                return nil
            }
            if let record = SettingsRecord(reference, bytes: bytes) { await shelf.restore(record) }
            return bytes
        }
        let (stateStore, connected) = try await Self.stateStore(surroundings)
        self.connected = connected
        var statesSettings = UserStatesSettings()
        statesSettings.deadline = settings.stateTimeout
        statesSettings.budgetBytes = settings.stateCacheBytes
        states = UserStates(store: stateStore, settings: statesSettings, now: now)
        forgetting = UserForgetting(states: states)
        var usageSettings = UsageLogSettings(folder: configuration.dataFolder + "/usage")
        usageSettings.bytesMax = settings.usageLogBytes
        usage = try await LocalUsageLog.open(usageSettings)
        exposures = ExposureRecorder(
            sink: usage,
            deduplicator: ExposureDeduplicator(window: settings.exposureWindow),
            settings: ExposureRecorderSettings(node: surroundings.node)
        )
        var limits = SettingsLimits()
        limits.subscribers = settings.streamsMax
        self.limits = limits
        metrics = SettingsMetrics()
        var parts = SettingsParts(
            directory: directory,
            states: states,
            exposures: exposures,
            limits: limits,
            metrics: metrics
        )
        parts.acceptsNames = surroundings.isUnsafe
        if let rate = settings.rate {
            let rates = AppRates(policy: rate)
            parts.admits = { rates.admit($0, at: $1) }
        }
        shadow = settings.shadow.map { [pool] in
            ShadowMeasurement(ShadowSettings(target: $0.target, share: $0.share), pool: pool)
        }
        parts.shadow = shadow
        routes = SettingsRoutes(parts)
    }

    /// Before the listeners, so that they stop after them.
    ///
    /// `forwarding` stops between what writes into the usage log and what closes it.
    func services(
        forwarding: [ServiceGroupConfiguration.ServiceConfiguration]
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: SettingsCleanUp(usage: usage, pool: pool, connected: connected))
        ]
        services += forwarding
        services += [
            .init(service: exposures), .init(service: states), .init(service: feed), .init(service: directory),
        ]
        if let shadow { services.append(.init(service: shadow)) }
        return services
    }

    /// After the listeners: ends the event streams, which the listeners would wait for.
    var streams: EventService {
        EventService(
            hub: routes.hub,
            limits: limits,
            changes: directory.changes,
            nowMilliseconds: WallClockTime.milliseconds
        )
    }

    /// Whether the surfaces' paths are this node's: an edge in front of some other web server leaves them to that.
    private var isInCharge: Bool {
        guard !isBesideOrigin, feed.freshness == .empty else { return true }
        return hasSource && feed.status.sourceFailure == nil
    }

    /// Answers a request of one of the surfaces; `nil` for others.
    func answer(_ exchange: Exchange) async -> OwnAnswer? {
        guard isInCharge, let answer = await routes.answer(exchange) else { return nil }
        switch answer.body {
        case .bytes(let bytes): return OwnAnswer(head: answer.head, body: bytes)
        case .events where exchange.request.method == .head:
            return OwnAnswer(head: answer.head, pieces: AsyncStream<ByteBuffer> { $0.finish() })
        case .events(let stream): return OwnAnswer(head: answer.head, pieces: stream)
        }
    }

    /// `nil` for an edge that nobody tells of settings: it serves what its disk has.
    private static func source(_ surroundings: Surroundings, _ pool: UpstreamPool) -> (any SettingsSource)? {
        if let local = surroundings.local { return local }
        return surroundings.configuration.settings.origin.map { target in
            UpstreamSource(pool: pool, target: target, token: surroundings.peer.shown)
        }
    }

    /// Where its settings come from and how fresh they are, as JSON for `/ready`.
    var stateText: String {
        switch feed.freshness {
        case .empty: "{\"state\":\"empty\"}"
        case .current: "{\"state\":\"current\",\"apps\":\(feed.apps.count)}"
        case .lastGood(let since):
            "{\"state\":\"last-good\",\"apps\":\(feed.apps.count),\"since\":\(since.map(String.init) ?? "null")}"
        }
    }

    /// Reports viewers' exposures to picture experiments.
    var witness: PictureTrial.Witness {
        { [feed, exposures] arm, _, traceparent in
            guard let unit = arm.unit, let app = arm.app.flatMap({ feed.app(named: $0) }) else { return }
            let exposure = Exposure(
                experiment: ExactString(arm.experiment),
                variation: ExactString(arm.variation),
                attribute: ExactString(unit.attribute),
                unit: ExactString(unit.value)
            )
            let context = ExposureContext(
                app: app.name.text,
                record: app.manifest,
                timeMilliseconds: WallClockTime.milliseconds(),
                traceparent: traceparent
            )
            exposures.record([exposure], context: context)
        }
    }

    private static func stateStore(
        _ surroundings: Surroundings
    ) async throws -> (any ObjectStore, [S3ObjectStore]) {
        let configuration = surroundings.configuration
        switch configuration.settings.stateStore {
        case .folder(let path): return (try await FileObjectStore.open(path: path), [])
        case .bucket(let location):
            let bucket = try location.service.store(bucket: location.bucket, prefix: location.prefix)
            return (bucket, [bucket])
        case nil:
            if let store = surroundings.store { return (store, []) }
            return (try await FileObjectStore.open(path: configuration.dataFolder + "/users"), [])
        }
    }
}
