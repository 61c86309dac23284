import Fleet
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Wire

@testable import Edge

@Suite("Asking the owner in a region", .timeLimit(.minutes(2)))
struct PeerOriginTests {
    /// A region of this node and a peer that answers as a test says.
    private struct Region: Sendable {
        var router: RegionRouter
        var local: ScriptedOrigin
        var clock: ManualClock
        var nodes: [Node]

        func name(ownedBy id: String) -> ResourceName {
            let ownership = Ownership(nodes)
            let names = (0..<1_000).lazy.map { ResourceName(url: "http://a/\($0)") }
            return names.first { ownership.nodes[ownership.owner(of: $0.ownershipKey)].id == id }
                ?? ResourceName(url: "http://a/")
        }

        func fetch(
            _ name: ResourceName,
            loop: String = "vitrine; node=\"self\"",
            begun: Latch = Latch()
        ) async throws -> CollectingSink {
            var request = HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/x")
            request.headerFields[.init("CDN-Loop") ?? .via] = loop
            let sink = CollectingSink(begun: begun)
            let origin = try #require(router.origin(for: name, path: "/x"))
            try await origin.fetch(request, body: nil, into: sink)
            return sink
        }
    }

    private static func run(
        peer: @escaping @Sendable (Exchange) async throws -> Void,
        _ test: @escaping @Sendable (Region) async throws -> Void
    ) async throws {
        try await LoopbackServer.run(peer) { port, group in
            let pool = try UpstreamPool(group: group)
            let nodes = [Node(id: "self", host: "127.0.0.1", port: 9), Node(id: "peer", host: "127.0.0.1", port: port)]
            let clock = ManualClock()
            let local = ScriptedOrigin { _, number, sink throws(EdgeFailure) in
                try await sink.answer(200, [:], "local \(number)")
            }
            let router = try RegionRouter(
                peers: nodes,
                ourselves: "self",
                pool: pool,
                upstream: nil,
                timeouts: UpstreamTimeouts(),
                local: local,
                isLocal: { _ in true },
                nowMilliseconds: { EdgeRig.start + Int64(clock.now.offset / .milliseconds(1)) }
            )
            let region = Region(router: router, local: local, clock: clock, nodes: nodes)
            do {
                try await test(region)
            } catch {
                await pool.shutdown()
                throw error
            }
            await pool.shutdown()
        }
    }

    private static let well: @Sendable (Exchange) async throws -> Void = { exchange in
        try await exchange.respond(HTTPResponse(status: .ok), body: ByteBuffer(string: "peer"))
    }

    @Test("the owner is asked; for a key of our own, the origin is")
    func owner() async throws {
        try await Self.run(peer: Self.well) { region in
            let theirs = try await region.fetch(region.name(ownedBy: "peer"))
            #expect(theirs.collected.body == "peer" && theirs.collected.isEnded)
            #expect(region.local.count == 0)
            let ours = try await region.fetch(region.name(ownedBy: "self"))
            #expect(ours.collected.body == "local 1")
            #expect(region.router.statuses.allSatisfy { $0.load == 0 })
        }
    }

    @Test("a request that a peer sent is not sent on")
    func oneHop() async throws {
        try await Self.run(peer: Self.well) { region in
            let loop = "vitrine; node=\"peer\", vitrine; node=\"self\""
            let sink = try await region.fetch(region.name(ownedBy: "peer"), loop: loop)
            #expect(sink.collected.body == "local 1")
        }
    }

    @Test("a peer's error is an answer like others")
    func errorAnswer() async throws {
        try await Self.run { exchange in
            try await exchange.respond(HTTPResponse(status: .serviceUnavailable), body: ByteBuffer(string: "busy"))
        } _: { region in
            let sink = try await region.fetch(region.name(ownedBy: "peer"))
            #expect(sink.collected.head?.status == .serviceUnavailable && region.local.count == 0)
        }
    }

    @Test("a peer that fails is replaced by the origin, and left alone for a time")
    func backsOff() async throws {
        let asked = Count()
        try await Self.run { _ in
            // Answers nothing: the first one closes the connection.
            if asked.add() == 1 { throw ExchangeError.cancelled }
        } _: { region in
            let name = region.name(ownedBy: "peer")
            // A server whose handler answers nothing says 500; a port where nobody listens refuses.
            let first = try await region.fetch(name)
            #expect(first.collected.head?.status == .internalServerError)
            let dead = try RegionRouter(
                peers: [region.nodes[0], Node(id: "peer", host: "127.0.0.1", port: 1)],
                ourselves: "self",
                pool: try UpstreamPool(group: MultiThreadedEventLoopGroup.singleton),
                upstream: nil,
                timeouts: UpstreamTimeouts(),
                local: region.local,
                isLocal: { _ in true },
                nowMilliseconds: { EdgeRig.start + Int64(region.clock.now.offset / .milliseconds(1)) }
            )
            var failing = region
            failing.router = dead
            #expect(try await failing.fetch(name).collected.body == "local 1")
            let status = try #require(dead.statuses.first { $0.node.id == "peer" })
            #expect(status.failuresInRow == 1 && status.restsUntilMilliseconds != nil && status.load == 0)
            #expect(try await failing.fetch(name).collected.body == "local 2")
            #expect(dead.statuses.first { $0.node.id == "peer" }?.failuresInRow == 1)
            region.clock.advance(by: .seconds(60))
            #expect(try await failing.fetch(name).collected.body == "local 3")
            #expect(dead.statuses.first { $0.node.id == "peer" }?.failuresInRow == 2)
        }
    }

    @Test("once an answer has begun, nobody else is asked")
    func noSecondAnswer() async throws {
        let begun = Latch()
        try await Self.run { exchange in
            try await exchange.respond(HTTPResponse(status: .ok, headerFields: [.contentLength: "100"]))
            await begun.wait()
        } _: { region in
            await #expect(throws: EdgeFailure.self) {
                _ = try await region.fetch(region.name(ownedBy: "peer"), begun: begun)
            }
            #expect(region.local.count == 0)
        }
    }

    @Test("without peers the origin is asked, and without an origin nobody is")
    func alone() throws {
        func router(_ local: ScriptedOrigin?) throws(FleetError) -> RegionRouter {
            try RegionRouter(
                peers: [],
                ourselves: "self",
                pool: nil,
                upstream: nil,
                timeouts: UpstreamTimeouts(),
                local: local,
                isLocal: { _ in false },
                nowMilliseconds: { 0 }
            )
        }
        let name = ResourceName(url: "http://a/")
        #expect(try router(nil).origin(for: name, path: "/") == nil)
        let origin = try router(ScriptedOrigin { _, _, _ in }).origin(for: name, path: "/")
        #expect(origin is ScriptedOrigin)
        #expect(try router(nil).statuses.isEmpty)
    }
}
