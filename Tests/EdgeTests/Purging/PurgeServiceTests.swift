import Caching
import Fleet
import FoundationEssentials
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing
import VitrineTesting
import Wire

@testable import Edge

@Suite("Purging a region", .timeLimit(.minutes(2)))
struct PurgeServiceTests {
    private static func service(
        _ folder: TemporaryFolder,
        _ board: PurgeBoard,
        peers: [Node] = [],
        pool: UpstreamPool? = nil,
        token: String? = "token"
    ) throws -> PurgeService {
        PurgeService(
            log: try PurgeLog.open(folder: folder.path),
            board: board,
            node: "one",
            peers: peers,
            pool: pool,
            token: token,
            nowMilliseconds: { EdgeRig.start }
        )
    }

    private static let old = PurgeSubject(bornSequence: 5, url: "http://a/x", tags: ["red"])

    @Test("a purge is in force, and on disk, when it is acknowledged")
    func purges() async throws {
        let folder = try TemporaryFolder()
        let board = PurgeBoard(PurgeTable())
        let service = try Self.service(folder, board)
        let (first, nodes) = try await service.purge(.tag("red"), .soft, author: "ann")
        #expect(nodes.isEmpty && first >= UInt64(EdgeRig.start) * 1_000)
        #expect(board.verdict(for: Self.old) == .stale)
        let (second, _) = try await service.purge(.url("http://a/x"), .hard, author: "bob")
        #expect(second > first && board.verdict(for: Self.old) == .gone)
        let records = try PurgeLog.open(folder: folder.path).records
        #expect(records.map(\.author) == ["ann", "bob"] && records.map(\.sequence) == [first, second])
    }

    @Test("many purges at once all count, and a restart knows them all")
    func concurrent() async throws {
        let folder = try TemporaryFolder()
        let board = PurgeBoard(PurgeTable())
        let service = try Self.service(folder, board)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { _ = try await service.purge(.tag("\(number)"), .hard, author: "ann") }
            }
            try await group.waitForAll()
        }
        let again = PurgeService.table(from: try PurgeLog.open(folder: folder.path))
        for number in 0..<40 {
            let subject = PurgeSubject(bornSequence: 5, url: "u", tags: ["\(number)"])
            #expect(board.verdict(for: subject) == .gone && again.verdict(for: subject) == .gone)
        }
    }

    /// What a peer answers to some bytes.
    private static func received(_ text: String, isPeer: Bool, _ board: PurgeBoard) async throws -> Int {
        let folder = try TemporaryFolder()
        let service = try service(folder, board)
        let (statuses, found) = AsyncStream.makeStream(of: Int.self)
        try await LoopbackServer.run { exchange in
            let answer = await service.receive(exchange, isPeer: isPeer)
            try await exchange.respond(answer.head, body: answer.whole ?? ByteBuffer())
        } _: { port, group in
            let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
            let client = try await RigClient.connect(address, on: group)
            let head = "POST /-/vitrine/purge HTTP/1.1\r\nHost: a\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
            found.yield(try await client.exchange(head + text).status)
            await client.close()
        }
        found.finish()
        return await statuses.reduce(0) { $1 }
    }

    @Test("a peer's purge needs the token, and a body that is a purge")
    func receives() async throws {
        let board = PurgeBoard(PurgeTable())
        let record = PurgeRecord(sequence: 0, scope: .url("http://a/x"), mode: .hard, author: "ann", node: "two")
        let good = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
        #expect(try await Self.received(good, isPeer: false, board) == 401)
        for bad in ["", "{}", "[]", "nonsense", good + "x", String(repeating: " ", count: 70_000) + good] {
            #expect(try await Self.received(bad, isPeer: true, board) == 400)
        }
        var odd = record
        odd.mode = "odd"
        let unknown = String(decoding: try JSONEncoder().encode(odd), as: UTF8.self)
        #expect(try await Self.received(unknown, isPeer: true, board) == 400)
        #expect(board.verdict(for: Self.old) == .live)
        #expect(try await Self.received(good, isPeer: true, board) == 200)
        #expect(board.verdict(for: Self.old) == .gone)
    }

    @Test("peers are told, twice, with the token; one that cannot be reached is named")
    func tells() async throws {
        let bodies = Bodies()
        try await LoopbackServer.run { exchange in
            let bytes = try await exchange.body.collect(upTo: 65_536)
            bodies.add((exchange.request.headerFields[.authorization] ?? "-") + " " + String(buffer: bytes))
            try await exchange.respond(HTTPResponse(status: .ok), body: ByteBuffer())
        } _: { port, group in
            let folder = try TemporaryFolder()
            let pool = try UpstreamPool(group: group)
            let peers = [Node(id: "two", host: "127.0.0.1", port: port), Node(id: "dead", host: "127.0.0.1", port: 1)]
            let board = PurgeBoard(PurgeTable())
            let service = try Self.service(folder, board, peers: peers, pool: pool)
            let (sequence, nodes) = try await service.purge(.prefix("http://a/"), .hard, author: "ann")
            #expect(nodes.map(\.node) == ["two", "dead"] && nodes.map(\.isDone) == [true, false])
            #expect(nodes[1].reason?.isEmpty == false)
            // What this node fetched from one that had not heard yet is purged, too, also after a restart.
            let between = PurgeSubject(bornSequence: sequence, url: "http://a/x", tags: [])
            #expect(board.verdict(for: between) == .gone)
            let again = PurgeService.table(from: try PurgeLog.open(folder: folder.path))
            #expect(again.verdict(for: between) == .gone)
            let mute = try Self.service(folder, board, peers: peers, pool: pool, token: nil)
            #expect(try await mute.purge(.everything, .soft, author: "ann").nodes.allSatisfy { !$0.isDone })
            await pool.shutdown()
        }
        #expect(bodies.all.count == 2)
        for text in bodies.all {
            #expect(text.hasPrefix("Bearer token ") && text.contains("\"prefix\"") && text.contains("\"ann\""))
        }
    }

    private final class Bodies: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock { $0 } }

        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }
}
