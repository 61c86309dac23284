import DeliveryTypes
import Publication
import Settings
import Synchronization
import Testing

@Suite("What a feed tells its log", .timeLimit(.minutes(2)))
struct FeedNewsTests {
    private final class Log: Sendable {
        private let news = Mutex<[FeedNews]>([])

        var all: [FeedNews] { news.withLock { $0 } }

        func note(_ one: FeedNews) { news.withLock { $0.append(one) } }
    }

    @Test("a source that goes and comes back is told of once each, however often it is tried")
    func source() async throws {
        let log = Log()
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source, tell: log.note) { rig in
            await rig.serves("shop", 1)
            #expect(log.all.isEmpty)
            rig.now.value = 9_000
            source.goDown()
            await rig.untilPausesBring { rig.feed.figures.disconnects > 5 }
            #expect(log.all.count == 1)
            guard case .lost("script", let reason) = log.all.first else { return #expect(Bool(false)) }
            #expect(reason.contains("script"))
            rig.now.value = 60_000
            source.comeBack()
            await rig.untilPausesBring { rig.feed.freshness == .current }
            await rig.until { log.all.count == 2 }
            #expect(log.all.last == .regained(source: "script", milliseconds: 51_000))
        }
    }

    @Test("a source that was never there is told of, and that it came at last")
    func late() async throws {
        let log = Log()
        let source = ScriptedSource()
        source.goDown()
        try await FeedRig.run(source, tell: log.note) { rig in
            await rig.untilPausesBring { rig.feed.figures.disconnects > 3 }
            #expect(log.all.count == 1)
            source.comeBack()
            await rig.untilPausesBring { log.all.count == 2 }
            #expect(log.all.last == .regained(source: "script", milliseconds: nil))
        }
    }

    @Test("a release that cannot be loaded is told of once, and that it is served at last")
    func release() async throws {
        let log = Log()
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source, tell: log.note) { rig in
            await rig.serves("shop", 1)
            let records = ToyRelease.compile([Array("two".utf8)])
            source.setFault(.missing, of: records[0].digest)
            let app = try #require(AppName("shop"))
            try source.tell("shop", 2, source.store(records))
            await rig.untilPausesBring { rig.feed.figures.failedLoads > 4 }
            #expect(log.all.count == 1)
            guard case .cannotLoad(app, number: 2, _) = log.all.first else { return #expect(Bool(false)) }
            source.setFault(nil, of: records[0].digest)
            await rig.untilPausesBring { log.all.count == 2 }
            #expect(log.all.last == .loaded(app, number: 2))
        }
    }
}
