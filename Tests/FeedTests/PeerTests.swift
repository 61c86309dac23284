import DeliveryTypes
import HTTPTypes
import NIOCore
import ObjectStorage
import Publication
import Settings
import Testing
import Wire

@Suite("A feed and its origin over HTTP", .timeLimit(.minutes(2)))
struct PeerTests {
    private let token: HTTPFields = [.authorization: "Bearer \(OriginRig.token)"]

    @Test("a publish reaches three nodes, records and keys as they are in the store")
    func threeNodes() async throws {
        let publisher = ToyPublisher(store: MemoryObjectStore())
        try await publisher.publish("shop", 1, "one")
        let origin = OriginRig(store: publisher.store)
        try await origin.run { upstream in
            try await FeedRig.run(upstream.source()) { first in
                try await FeedRig.run(upstream.source()) { second in
                    try await FeedRig.run(upstream.source()) { third in
                        let rigs = [first, second, third]
                        for rig in rigs { await rig.serves("shop", 1) }
                        let big = [UInt8](repeating: 0x78, count: 3_000_000)
                        try await publisher.publish("shop", 2, ToyRelease.compile([big, Array("two".utf8)]))
                        try await publisher.setKeys("shop", 1, [Self.key("vc_1")])
                        origin.source.notify(try #require(AppName("shop")))
                        for rig in rigs {
                            await rig.serves("shop", 2)
                            #expect(rig.text("shop")?.utf8.count == 3_000_003)
                            await rig.until { rig.feed.app(key: "vc_1") != nil }
                            #expect(rig.feed.figures.propagations == 1)
                            #expect(rig.feed.freshness == .current)
                        }
                        #expect(origin.source.board.readerCount == 3)
                    }
                }
            }
        }
    }

    private static func key(_ text: String) -> AppKey {
        AppKey(kind: .client, sha256: ContentDigest(of: Array(text.utf8)), hint: text, created: 0, expires: nil)
    }

    @Test("without the token nothing is told, with it only by GET, and only at these paths")
    func refusals() async throws {
        let publisher = ToyPublisher(store: MemoryObjectStore())
        try await publisher.publish("shop", 1, "one")
        try await OriginRig(store: publisher.store).run { upstream in
            let source = upstream.source()
            while (try? await source.snapshot()) == nil { await FeedRig.lookAway() }  // Until the store has been read.
            try await refusals(upstream, source)
        }
    }

    private func refusals(_ upstream: Upstream, _ source: UpstreamSource) async throws {
        let digest = ContentDigest(of: Array("one".utf8)).hex
        for path in [PeerPaths.snapshot, PeerPaths.changes, PeerPaths.records + digest] {
            #expect(try await upstream.ask(path).0 == 401)
            #expect(try await upstream.ask(path, [.authorization: "Bearer s3cre"]).0 == 401)
            #expect(try await upstream.ask(path, token, method: .post).0 == 405)
        }
        #expect(try await upstream.ask(PeerPaths.records + digest, token).1 == "one")
        for path in ["records/", "records/zz", "records/" + digest + "00", "records/../snapshot", "else", ""] {
            #expect(try await upstream.ask(PeerPaths.prefix + path, token).0 == 404, "\(path)")
        }
        let nothing = ContentDigest(bytes: [UInt8](repeating: 1, count: 32))
        #expect(try await source.record(nothing, bytesMax: 10) == nil)
        #expect(try await upstream.ask("/v1/other", token).0 == 501)
        await #expect(throws: PublicationError.self) { try await upstream.source(token: nil).snapshot() }
        await #expect(throws: PublicationError.self) {
            try await source.record(ContentDigest(of: Array("one".utf8)), bytesMax: 2)
        }
    }

    @Test("an origin whose store has never answered says so, and a feed keeps what it has")
    func storeDown() async throws {
        let origin = OriginRig(store: MemoryObjectStore())
        try await Upstream.run(origin) { upstream in
            #expect(try await upstream.ask(PeerPaths.snapshot, token).0 == 503)
            try await FeedRig.run(upstream.source(silence: .milliseconds(50))) { rig in
                await rig.untilPausesBring { rig.feed.figures.polls > 1 }
                #expect(rig.feed.freshness == .empty)
            }
        } beforeShutdown: {
            origin.routes.drain()
        }
    }

    @Test("while nothing changes there are heartbeats")
    func heartbeats() async throws {
        let clock = ManualClock()
        let origin = OriginRig(store: MemoryObjectStore(), clock: clock)
        try await origin.run { upstream in
            let request = HTTPRequest(
                method: .get,
                scheme: "http",
                authority: upstream.target.authority,
                path: PeerPaths.changes,
                headerFields: token
            )
            let response = try await upstream.pool.exchange(request, to: upstream.target)
            var body = response.body.makeAsyncIterator()
            var text = ""
            while !text.hasSuffix("{\"type\":\"heartbeat\"}\n") {
                clock.advance(by: .seconds(3))
                if let piece = try await body.next() { text += String(buffer: piece) }
            }
            #expect(text.hasPrefix("{\"snapshot\":{\"apps\":[],\"version\":1},\"type\":\"snapshot\"}\n"))
            response.body.cancel()
        }
    }

    @Test("an origin that shuts down ends the streams; its nodes keep what they serve and say since when")
    func draining() async throws {
        let publisher = ToyPublisher(store: MemoryObjectStore())
        try await publisher.publish("shop", 1, "one")
        let origin = OriginRig(store: publisher.store)
        try await origin.run { upstream in
            try await FeedRig.run(upstream.source()) { rig in
                await rig.serves("shop", 1)
                origin.routes.drain()
                await rig.until { rig.feed.freshness == .lastGood(sinceMilliseconds: 5_000) }
                #expect(rig.text("shop") == "one")
                #expect(origin.source.board.readerCount == 0)
            }
        }
    }

    @Test("an origin that falls silent counts as lost")
    func silence() async throws {
        let snapshot = try PeerLine(.snapshot(SettingsSnapshot(apps: []))).encoded()
        let liar = LyingOrigin { exchange in
            guard exchange.request.path == PeerPaths.changes else { throw ExchangeError.closed }
            try await exchange.respond(HTTPResponse(status: .ok))
            try await exchange.write(ByteBuffer(bytes: snapshot))
            await untilCancelled()
        }
        try await Upstream.run(liar) { upstream in
            try await FeedRig.run(upstream.source(silence: .milliseconds(100))) { rig in
                await rig.untilPausesBring { rig.feed.status.sourceFailure?.contains("stalled") == true }
                #expect(rig.feed.figures.disconnects > 0)
            }
        }
    }

    @Test("half a record, a longer one, other bytes, a slow one and junk for changes: nothing of it is served")
    func lies() async throws {
        let release = ToyRelease.compile([Array("the whole text".utf8)])
        let app = SourcedApp(
            name: try #require(AppName("shop")),
            number: 1,
            manifest: release[1].digest,
            published: 0
        )
        let snapshot = try PeerLine(.snapshot(SettingsSnapshot(apps: [app]))).encoded()
        for lie in ["half", "longer", "other", "slow", "junk", "none"] {
            let liar = LyingOrigin { exchange in
                let path = exchange.request.path ?? ""
                if path == PeerPaths.changes {
                    try await exchange.respond(HTTPResponse(status: .ok))
                    try await exchange.write(ByteBuffer(bytes: lie == "junk" ? Array("{]\n".utf8) : snapshot))
                    await untilCancelled()
                }
                guard path.hasPrefix(PeerPaths.records) else {
                    return try await exchange.respond(HTTPResponse(status: .badGateway), body: ByteBuffer())
                }
                let record = try #require(release.first { path.hasSuffix($0.digest.hex) })
                guard record.kind == .values, lie != "none" else {
                    return try await exchange.respond(
                        HTTPResponse(status: .ok),
                        body: ByteBuffer(bytes: record.bytes)
                    )
                }
                var head = HTTPResponse(status: .ok)
                switch lie {
                case "half":
                    head.headerFields[.contentLength] = "14"
                    try await exchange.respond(head)
                    try await exchange.write(ByteBuffer(string: "the who"))
                case "longer":
                    try await exchange.respond(head)
                    for _ in 0..<100 { try await exchange.write(ByteBuffer(string: "the whole text")) }
                    try await exchange.finish()
                case "slow":
                    head.headerFields[.contentLength] = "14"
                    try await exchange.respond(head)
                    try await exchange.write(ByteBuffer(string: "t"))
                    await untilCancelled()
                default:
                    try await exchange.respond(head, body: ByteBuffer(string: "the other text"))
                }
            }
            try await Upstream.run(liar) { upstream in
                var timeouts = UpstreamSource.defaultTimeouts
                timeouts.stall = .milliseconds(100)
                try await FeedRig.run(upstream.source(timeouts: timeouts)) { rig in
                    // On a busy machine an honest answer can be too slow as well: then it is asked for again.
                    await rig.untilPausesBring {
                        switch lie {
                        case "none": rig.feed.app(named: "shop")?.number == 1
                        case "junk": rig.feed.status.sourceFailure?.contains("line") == true
                        default: rig.feed.status.failing.contains { $0.name.text == "shop" }
                        }
                    }
                    #expect(rig.text("shop") == (lie == "none" ? "the whole text" : nil), "\(lie)")
                }
            }
        }
    }
}

/// Waits for its task's cancellation.
private func untilCancelled() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
}
