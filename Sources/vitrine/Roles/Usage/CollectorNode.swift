import Edge
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import Logging
import Metering
import ObjectStorage
import Origin
import ServiceLifecycle
import Warehouse
import Wire

/// The collector role's parts, wired by hand: events in over HTTP, segments on this disk, objects in the store.
struct CollectorNode: Sendable {
    let segments: SegmentStore
    let routes: EventRoutes
    let ledger: LedgerNode?
    /// What the runs on this machine have done.
    let watch: UsageWatch
    private let board: UsageBoard
    private let settings: SegmentSettings
    /// The store's connection, where it is the collector's own.
    private let connected: S3ObjectStore?
    /// When it began, in microseconds since 1970.
    private let birth: Int64

    /// A `usage run` beside it may seal what was left, and has the folder meanwhile.
    private static let folderPatience: Duration = .seconds(10)

    /// `store` is the origin's, if it is in the same process.
    ///
    /// - Throws: `CommandFailure` with the remedy when the collector's folder cannot be used.
    init(
        _ configuration: ServeConfiguration,
        store shared: (any ObjectStore)?,
        access: AccessPolicy,
        uptime: @escaping @Sendable () -> Duration,
        _ logger: Logger
    ) async throws {
        var settings = configuration.usage.segments
        settings.folderPatience = Self.folderPatience
        self.settings = settings
        birth = WallClockTime.microseconds()
        let store: any ObjectStore
        (store, connected) = try await Self.store(shared, configuration.store)
        do throws(MeteringError) {
            segments = try await SegmentStore.open(
                folder: configuration.dataFolder + "/usage/collector",
                node: configuration.edge.node,
                store: store,
                settings: settings,
                newNode: { "collector-" + String(UInt64.random(in: 0...UInt64.max), radix: 16) }
            )
        } catch {
            await connected?.shutdown()
            throw CommandFailure(message: "usage events cannot be collected: \(error)\(Self.remedy(of: error))")
        }
        let denial: @Sendable (HTTPRequest) -> ProblemDocument? = { request in
            do throws(ProblemDocument) {
                try access.requireToken(Self.withBearer(request))
                return nil
            } catch {
                return error
            }
        }
        if let database = configuration.usage.database {
            ledger = try await LedgerNode(
                database,
                exports: configuration.dataFolder + "/usage/warehouse/exports",
                settings: configuration.usage.unload,
                refusing: denial,
                logger
            )
        } else {
            ledger = nil
        }
        watch = UsageWatch(
            UsageFolders(data: configuration.dataFolder, current: FileManager.default.currentDirectoryPath),
            store: store,
            unload: ledger?.unload
        )
        board = UsageBoard(watch: watch, refusing: denial)
        routes = EventRoutes(
            EventParts(
                sink: segments,
                limits: configuration.usage.limits,
                received: ReceivedClock(after: segments.receivedBefore ?? .min) { WallClockTime.microseconds() },
                uptime: uptime,
                denial: denial
            )
        )
    }

    private static func store(
        _ shared: (any ObjectStore)?,
        _ location: StoreLocation
    ) async throws -> (any ObjectStore, S3ObjectStore?) {
        if let shared { return (shared, nil) }
        switch location {
        case .folder(let path): return (try await FileObjectStore.open(path: path), nil)
        case .bucket(let location):
            let bucket = try location.service.store(bucket: location.bucket, prefix: location.prefix)
            return (bucket, bucket)
        }
    }

    private static func remedy(of error: MeteringError) -> String {
        switch error {
        case .taken: "; stop it, or choose another folder with --data"
        case .invalidNode: "; choose another with --node"
        case .store: "; is --store right, and reachable?"
        default: ""
        }
    }

    /// A key in `X-API-Key` counts as a bearer token, where there is none.
    private static func withBearer(_ request: HTTPRequest) -> HTTPRequest {
        guard request.headerFields[.authorization] == nil, let name = HTTPField.Name("X-API-Key"),
            let key = request.headerFields[name]
        else { return request }
        var request = request
        request.headerFields[.authorization] = "Bearer \(key)"
        return request
    }

    /// For what this node itself reports.
    var own: OwnCollector {
        OwnCollector(sink: routes.parts.sink, received: routes.parts.received, limits: routes.parts.limits)
    }

    /// Before the listeners, and after the origin's store, so that it stops between them.
    var services: [ServiceGroupConfiguration.ServiceConfiguration] {
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let connected { services.append(.init(service: StoreCleanUp(store: connected))) }
        return services + [.init(service: segments)] + (ledger?.services ?? []) + [.init(service: watch)]
    }

    /// Answers a request with events or a question about them; `nil` for others.
    func answer(_ exchange: Exchange) async -> OwnAnswer? {
        if let answer = await routes.answer(exchange) { return OwnAnswer(head: answer.head, body: answer.body) }
        if let answer = await ledger?.answer(exchange) { return answer }
        return await board.answer(exchange, self)
    }

    /// Whether there is no room for further events.
    var isFull: Bool { segments.isFull }

    /// Seconds since the oldest event that may not be in the store arrived, as far as that is known; 0 when all are.
    var lagSeconds: Double {
        let now = segments.statistics
        guard now.diskBytes > 0 else { return 0 }
        let since = now.shippedReceivedMicroseconds ?? birth
        return max(0, Double(WallClockTime.microseconds() - since) / 1e6)
    }

    /// What it holds, as JSON for `/ready`.
    var stateText: String {
        let now = segments.statistics
        let state = isFull ? "full" : now.stuck.isEmpty ? "collecting" : "stuck"
        return "{\"state\":\"\(state)\",\"node\":\(JSONText.quoted(segments.node)),\"diskBytes\":\(now.diskBytes),"
            + "\"segmentsWaiting\":\(now.segmentsWaiting),\"stuck\":\(now.stuck.count)"
            + (ledger.map { ",\"unload\":" + $0.stateText } ?? "") + "}"
    }
}
