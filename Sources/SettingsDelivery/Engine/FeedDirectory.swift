import DeliveryTypes
package import Publication
import ServiceLifecycle
import Settings
import Synchronization

/// The apps of a settings feed, ready for the surfaces.
///
/// Run it beside the feed: it gets each release its dictionary, and tells ``changes`` of every app that is replaced.
package final class FeedDirectory: AppDirectory, Service {
    private let feed: SettingsFeed
    private let fetch: ReleaseEngine.Fetch
    private let clock: any Clock<Duration>
    private let engines = Mutex<[String: ReleaseEngine]>([:])
    private let news: AsyncStream<String>.Continuation

    /// The names of apps that have changed; one reader, an ``EventService``.
    package let changes: AsyncStream<String>

    /// `fetch`: Gets the records that the feed does not keep in memory: dictionaries and authored texts.
    package init(
        _ feed: SettingsFeed,
        clock: any Clock<Duration> = ContinuousClock(),
        fetch: @escaping ReleaseEngine.Fetch
    ) {
        self.clock = clock
        self.feed = feed
        self.fetch = fetch
        (changes, news) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1_024))
    }

    package var isStarting: Bool {
        feed.freshness == .empty || feed.status.apps.contains { $0.number == nil && $0.failure == nil }
    }

    package func app(named name: String) -> ServedApp? { feed.app(named: name).map { served($0) } }

    package func app(key: String, now: Int64) -> KeyedApp? {
        guard let (live, kind) = feed.app(key: key) else { return nil }
        let channel = EventChannel.name(ofKey: ContentDigest(of: Array(key.utf8)))
        return KeyedApp(app: served(live), seesRules: kind == .server, channel: channel)
    }

    package func app(channel: String, now: Int64) -> ServedApp? {
        let live = feed.apps.first { app in
            app.sourced.keys.contains { $0.isValid(at: now) && EventChannel.name(ofKey: $0.sha256) == channel }
        }
        return live.map { served($0) }
    }

    /// Runs until a graceful shutdown or cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { tasks in
                let stream = self.feed.changes()
                // What could not be had is asked for again: the source may have been away.
                tasks.addTask { await self.fetchDictionaries() }
                for await live in stream {
                    self.news.yield(live.name.text)
                    tasks.addTask { await self.engine(of: live).fetchDictionary() }
                }
            }
        }
        news.finish()
    }

    private func fetchDictionaries() async {
        while !Task.isCancelled {
            for live in feed.apps { await engine(of: live).fetchDictionary() }
            // Cancelled: the loop ends.
            try? await clock.sleep(for: .seconds(5))
        }
    }

    private func served(_ live: LiveApp) -> ServedApp {
        var silentSince: Int64?
        if case .lastGood(let since) = feed.freshness { silentSince = since ?? live.loadedMilliseconds }
        return ServedApp(
            name: live.name.text,
            number: live.number,
            engine: engine(of: live),
            silentSinceMilliseconds: silentSince
        )
    }

    private func engine(of live: LiveApp) -> ReleaseEngine {
        let name = live.name.text
        let known = engines.withLock { $0[name] }
        if let known, known.release === live.release, known.publishedMilliseconds == live.publishedMilliseconds {
            return known
        }
        let made = ReleaseEngine(
            live.release,
            publishedMilliseconds: live.publishedMilliseconds,
            earlier: live.earlier.map(\.outline),
            fetch: fetch
        )
        return engines.withLock { engines in
            guard let known = engines[name] else {
                engines[name] = made
                return made
            }
            // Somebody else was faster, or this is an older release than what is served by now.
            let isSame = known.publishedMilliseconds == live.publishedMilliseconds
            if known.release === live.release, isSame { return known }
            if known.publishedMilliseconds > live.publishedMilliseconds { return made }
            engines[name] = made
            return made
        }
    }
}
