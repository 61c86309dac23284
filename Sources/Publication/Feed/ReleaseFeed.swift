import DeliveryTypes
import ServiceLifecycle
import Settings
import Synchronization

/// Keeps the newest settings of every app in memory, ready to be served: learns of changes from a source, loads them
/// beside what is served, and replaces it in one step.
///
/// **Promises.** Readers never wait and never see half a release. A record is served only if its bytes are what its
/// name says. A release that can't be loaded leaves the one before it in force, is reported in `status` and tried
/// again. When the source is away, what was served stays; the last good releases of this node's disk are there before
/// the source is asked. Numbers never go backwards (`FeedTable`).
///
/// **Costs.** A look-up takes a lock for some 20 ns (with a key, a SHA-256 more). A change: the records that are new,
/// fetched side by side and hashed once; writing them to the disk comes after they are served.
///
/// Use it as `SettingsFeed`. Run it as a service for as long as anybody reads.
package final class ReleaseFeed<Release: ServableRelease>: Service {
    package typealias App = LiveRelease<Release>

    struct State {
        var table: FeedTable
        var contact = Contact.never
        var sourceFailure: String?
        var readers: [Int: AsyncStream<App>.Continuation] = [:]
        var lastReader = 0
        var isOver = false
        /// What is to be attached and written down, the newest of each app only.
        var settling: [AppName: Settling] = [:]
    }

    enum Contact {
        case never
        case held
        case lost(sinceMilliseconds: Int64)
    }

    /// What comes after a release is served.
    struct Settling {
        var app: App
        /// `nil` if the release was settled before under another number.
        var contents: Release.Contents?
        var records: [SettingsRecord]
    }

    let source: (any SettingsSource)?
    let shelf: RecordShelf?
    let settings: FeedSettings
    let clock: any Clock<Duration>
    let now: @Sendable () -> Int64
    let random: @Sendable () -> Double
    let tell: @Sendable (FeedNews) -> Void
    let counters = FeedCounters()
    let loadSignal = WakeSignal()
    let settleSignal = WakeSignal()
    let state: Mutex<State>
    private let live = Mutex(LiveTable<Release>())

    /// A feed that serves nothing until `run()`.
    ///
    /// - Parameters:
    ///   - source: whom to ask; `nil` serves what the disk has.
    ///   - shelf: where the last good records are kept; `nil` keeps none.
    ///   - settings: how it behaves.
    ///   - clock: for pauses.
    ///   - now: milliseconds since 1970; for the expiry of keys and for figures.
    ///   - random: in [0, 1), for the pauses.
    ///   - tell: told of what belongs into a log; must not block.
    package init(
        source: (any SettingsSource)?,
        shelf: RecordShelf?,
        settings: FeedSettings = FeedSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable () -> Double,
        tell: @escaping @Sendable (FeedNews) -> Void = { _ in }
    ) {
        self.source = source
        self.shelf = shelf
        self.settings = settings
        self.clock = clock
        self.now = now
        self.random = random
        self.tell = tell
        state = Mutex(State(table: FeedTable(loadsMax: settings.loadsMax)))
    }

    // MARK: Reading

    /// Everything that is served, in the order of the apps' names.
    package var apps: [App] { table.apps.values.sorted { $0.name < $1.name } }

    /// The app of this name; a key is no name, and a name opens nothing by itself.
    package func app(named name: AppName) -> App? { table.apps[name] }

    /// The same for a text, which may be no name at all.
    package func app(named name: some StringProtocol) -> App? {
        AppName(name).flatMap { table.apps[$0] }
    }

    /// The app that a key opens, and what the key allows; `nil` for an unknown or expired one.
    ///
    /// Keys are compared by their SHA-256 only: how long it takes says nothing about the keys there are.
    package func app(key: String) -> (app: App, kind: KeyKind)? {
        let digest = ContentDigest(of: Array(key.utf8))
        return table.app(key: digest, at: now()).map { (app: $0.0, kind: $0.1) }
    }

    /// Every app from now on when another release, number or key of it begins to be served; ends with the feed.
    package func changes() -> AsyncStream<App> {
        let limit = settings.changesMax
        let (stream, continuation) = AsyncStream.makeStream(of: App.self, bufferingPolicy: .bufferingNewest(limit))
        let id = state.withLock { state -> Int? in
            guard !state.isOver else { return nil }
            state.lastReader += 1
            state.readers[state.lastReader] = continuation
            return state.lastReader
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.readers.removeValue(forKey: id) }
        }
        return stream
    }

    /// How fresh it is.
    package var freshness: FeedState {
        let isEmpty = table.apps.isEmpty
        return state.withLock { state in
            switch state.contact {
            case .held: .current
            case .never: isEmpty ? .empty : .lastGood(sinceMilliseconds: nil)
            case .lost(let since): isEmpty ? .empty : .lastGood(sinceMilliseconds: since)
            }
        }
    }

    package var figures: FeedFigures {
        var figures = counters.figures
        figures.refusals = state.withLock { $0.table.refusals }
        figures.damagedOnDisk = shelf?.damagedCount ?? 0
        return figures
    }

    package var status: FeedStatus {
        let (rows, failure) = state.withLock { ($0.table.rows, $0.sourceFailure) }
        let apps = rows.values.map { row in
            FeedStatus.App(
                name: row.wanted.name,
                number: row.live?.number,
                manifest: row.live?.manifest,
                wantedNumber: row.wanted.number,
                failure: row.failure
            )
        }
        return FeedStatus(
            state: freshness,
            source: source?.name,
            sourceFailure: failure,
            apps: apps.sorted { $0.name < $1.name },
            figures: figures
        )
    }

    private var table: LiveTable<Release> { live.withLock { $0 } }

    // MARK: Replacing

    /// Serves `app` from now on and tells the readers; called with the lock on the state.
    func serve(_ app: App, _ state: inout State) {
        live.withLock { $0 = $0.with(app) }
        for reader in state.readers.values { reader.yield(app) }
    }

    /// What is served under the name.
    func served(_ name: AppName) -> App? { table.apps[name] }

    // MARK: Life

    /// Serves first what the disk has, then what the source tells, until a graceful shutdown or cancellation.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.restore()
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await self.listen() }
                tasks.addTask { await self.settle() }
                tasks.addTask { await self.prepare() }
                self.loadSignal.wake()
                for await _ in self.loadSignal.wakeUps {
                    for load in self.state.withLock({ $0.table.takeLoads() }) {
                        tasks.addTask { await self.perform(load) }
                    }
                }
            }
        }
        let readers = state.withLock { state in
            state.isOver = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.finish() }
    }
}
