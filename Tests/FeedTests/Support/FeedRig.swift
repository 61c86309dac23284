import DeliveryTypes
import NIOCore
import NIOPosix
import ObjectStorage
import Publication
import Synchronization

typealias ToyFeed = ReleaseFeed<ToyRelease>

/// A running feed, for the time of one test.
struct FeedRig: Sendable {
    /// The time of all tests: milliseconds since 1970.
    final class Now: Sendable {
        private let milliseconds = Atomic<Int64>(5_000)

        var value: Int64 {
            get { milliseconds.load(ordering: .sequentiallyConsistent) }
            set { milliseconds.store(newValue, ordering: .sequentiallyConsistent) }
        }
    }

    let feed: ToyFeed
    let clock: ManualClock
    let now: Now

    static func run(
        _ source: (any SettingsSource)?,
        disk: (any ObjectStore)? = nil,
        tell: @escaping @Sendable (FeedNews) -> Void = { _ in },
        _ test: @escaping @Sendable (FeedRig) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        let now = Now()
        let feed = ToyFeed(
            source: source,
            shelf: disk.map { RecordShelf(store: $0) },
            clock: clock,
            now: { now.value },
            random: { 0 },
            tell: tell
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await feed.run() }
            try await test(FeedRig(feed: feed, clock: clock, now: now))
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    /// Returns once `condition` holds; every change it can wait for is on its way.
    func until(_ condition: @Sendable () async throws -> Bool) async rethrows {
        while try await !condition(), !Task.isCancelled { await Self.lookAway() }
    }

    /// Leaves the processor to others for a millisecond: a test that looks without a rest starves what it waits for.
    static func lookAway() async {
        let moment = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .milliseconds(1)) {}
        // It fails only if it is cancelled, and then the test ends too.
        do { try await moment.futureResult.get() } catch {}
    }

    /// Returns once the app is served with this number.
    func serves(_ app: String, _ number: Int) async { await until { feed.app(named: app)?.number == number } }

    /// Returns once the app's newest release has failed to load.
    func fails(_ app: String) async -> String {
        await until { feed.status.failing.contains { $0.name.text == app } }
        return feed.status.failing.first { $0.name.text == app }?.failure ?? ""
    }

    func text(_ app: String) -> String? { feed.app(named: app)?.release.text }

    /// Moves the time on until `condition` holds: pauses end, whatever their lengths.
    func untilPausesBring(_ condition: @Sendable () async throws -> Bool) async rethrows {
        while try await !condition(), !Task.isCancelled {
            clock.advance(by: .seconds(60))
            await Self.lookAway()
        }
    }
}
