import NIOCore
import SettingsDelivery
import Synchronization
import Testing

@Suite("event hub")
struct EventHubTests {
    /// Apps whose states tests set.
    private final class Board: EventSource {
        private let states = Mutex<[String: AppState]>([:])
        private let built = Mutex(0)

        func set(_ app: String, _ id: String, since: Int64 = 0) {
            states.withLock { $0[app] = AppState(id: id, sinceMilliseconds: since) }
        }

        /// How many events were built.
        var count: Int { built.withLock { $0 } }

        func state(of app: String, now: Int64) -> AppState? { states.withLock { $0[app] } }

        func event(of app: String, _ flavour: EventFlavour, now: Int64) -> ServerSentEvent? {
            built.withLock { $0 += 1 }
            return state(of: app, now: now).map { ServerSentEvent(id: $0.id, name: "\(flavour)", data: []) }
        }
    }

    private let board = Board()
    private let now: Int64 = 1_000_000

    private func hub(_ change: (inout SettingsLimits) -> Void = { _ in }) -> EventHub {
        var limits = SettingsLimits()
        change(&limits)
        return EventHub(limits: limits, source: board)
    }

    private func next(_ iterator: inout EventStream.AsyncIterator) async -> String? {
        await iterator.next().map { String(buffer: $0) }
    }

    @Test("a subscriber is greeted with the retry time, then told of changes")
    func changes() async throws {
        board.set("a", "1")
        let hub = hub()
        var pieces = try #require(hub.subscribe(app: "a", .updated, lastEventID: nil, now: now)).makeAsyncIterator()
        #expect(await next(&pieces) == "retry: 3000\n\n")
        board.set("a", "2")
        hub.look(at: "a", now: now)
        #expect(await next(&pieces) == "id: 2\nevent: updated\ndata:\n\n")
    }

    @Test("the same state is told once")
    func once() async throws {
        board.set("a", "1")
        let hub = hub()
        let stream = try #require(hub.subscribe(app: "a", .updated, lastEventID: nil, now: now))
        hub.look(at: "a", now: now)
        hub.lookAround(now: now)
        #expect(board.count == 0)
        board.set("a", "2")
        hub.look(at: "a", now: now)
        hub.lookAround(now: now)
        #expect(board.count == 1)
        withExtendedLifetime(stream) {}
    }

    @Test("who missed an event gets the newest one at once")
    func missed() async throws {
        board.set("a", "5")
        let hub = hub()
        var missing = try #require(hub.subscribe(app: "a", .updated, lastEventID: "3", now: now)).makeAsyncIterator()
        #expect(await next(&missing) == "retry: 3000\n\nid: 5\nevent: updated\ndata:\n\n")
        var knowing = try #require(hub.subscribe(app: "a", .updated, lastEventID: "5", now: now)).makeAsyncIterator()
        #expect(await next(&knowing) == "retry: 3000\n\n")
    }

    @Test("who says nothing is told of a state that has just begun, not of an old one")
    func recent() async throws {
        let hub = hub()
        board.set("a", "5", since: now - 9_000)
        var young = try #require(hub.subscribe(app: "a", .updated, lastEventID: nil, now: now)).makeAsyncIterator()
        #expect(await next(&young)?.contains("id: 5") == true)
        board.set("b", "5", since: now - 11_000)
        var old = try #require(hub.subscribe(app: "b", .updated, lastEventID: nil, now: now)).makeAsyncIterator()
        #expect(await next(&old) == "retry: 3000\n\n")
    }

    @Test("a slow subscriber keeps one event, the newest")
    func bounded() async throws {
        board.set("a", "0")
        let hub = hub()
        var pieces = try #require(hub.subscribe(app: "a", .refetch, lastEventID: "0", now: now)).makeAsyncIterator()
        for number in 1...1_000 {
            board.set("a", "\(number)")
            hub.look(at: "a", now: now)
        }
        #expect(await next(&pieces) == "retry: 3000\n\nid: 1000\nevent: refetch\ndata:\n\n")
    }

    @Test("a change reaches the subscribers of that app only, each in its flavour, built once for each")
    func isolated() async throws {
        board.set("a", "1")
        board.set("b", "1")
        let hub = hub()
        var streams: [EventStream.AsyncIterator] = []
        for (app, flavour) in [("a", EventFlavour.updated), ("a", .updated), ("a", .refetch), ("b", .updated)] {
            let stream = try #require(hub.subscribe(app: app, flavour, lastEventID: "1", now: now))
            var pieces = stream.makeAsyncIterator()
            _ = await next(&pieces)
            streams.append(pieces)
        }
        board.set("a", "2")
        hub.look(at: "a", now: now)
        #expect(board.count == 2)
        #expect(await next(&streams[0])?.contains("event: updated") == true)
        #expect(await next(&streams[1])?.contains("event: updated") == true)
        #expect(await next(&streams[2])?.contains("event: refetch") == true)
        hub.close()
        #expect(await next(&streams[3]) == nil)
    }

    @Test("an idle stream gets a heartbeat, a busy one none, an old one ends")
    func heartbeats() async throws {
        board.set("a", "1")
        let hub = hub { $0.streamDuration = .seconds(60) }
        var pieces = try #require(hub.subscribe(app: "a", .updated, lastEventID: "1", now: now)).makeAsyncIterator()
        _ = await next(&pieces)
        hub.beat(now: now + 1_000)
        hub.beat(now: now + 2_000)
        #expect(await next(&pieces) == ":\n\n")
        hub.beat(now: now + 60_000)
        #expect(await next(&pieces) == nil)
    }

    @Test("subscribers are limited in all and for each app, and leave with their stream")
    func limited() throws {
        board.set("a", "1")
        let hub = hub {
            $0.subscribers = 3
            $0.subscribersPerApp = 2
        }
        var streams = [hub.subscribe(app: "a", .updated, lastEventID: nil, now: now)]
        streams.append(hub.subscribe(app: "a", .refetch, lastEventID: nil, now: now))
        #expect(hub.subscribe(app: "a", .updated, lastEventID: nil, now: now) == nil)
        streams.append(hub.subscribe(app: "b", .updated, lastEventID: nil, now: now))
        #expect(streams.allSatisfy { $0 != nil })
        #expect(hub.subscribe(app: "c", .updated, lastEventID: nil, now: now) == nil)
        #expect(hub.subscribers == 3)
        streams.removeAll()
        #expect(hub.subscribers == 0)
        #expect(hub.subscribers(of: "a") == 0)
    }

    @Test("a cancelled reader ends")
    func cancelled() async throws {
        board.set("a", "1")
        let hub = hub()
        let stream = try #require(hub.subscribe(app: "a", .updated, lastEventID: "1", now: now))
        // The test cancels it and waits for it below.
        let reader = Task {
            var count = 0
            for await _ in stream { count += 1 }
            return count
        }
        reader.cancel()
        #expect(await reader.value <= 1)
    }

    @Test("nobody subscribes to a closed hub")
    func closed() {
        let hub = hub()
        hub.close()
        #expect(hub.subscribe(app: "a", .updated, lastEventID: nil, now: now) == nil)
    }
}
