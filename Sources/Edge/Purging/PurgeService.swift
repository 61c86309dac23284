package import Caching
package import Fleet
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
package import NIOCore
import Synchronization
package import Wire

/// Purges on this node and on the region's others: durable here before it is acknowledged, told to all within
/// milliseconds.
package final class PurgeService: Sendable {
    /// What one node said to a purge.
    package struct NodeOutcome: Hashable, Sendable {
        package var node: String
        package var isDone: Bool
        /// Why not.
        package var reason: String?

        package init(node: String, isDone: Bool, reason: String? = nil) {
            self.node = node
            self.isDone = isDone
            self.reason = reason
        }
    }

    /// Where a peer takes purges, on its public listener and with the shared token.
    package static let peerPath = "/-/vitrine/purge"
    static let bodyBytesMax = 65_536

    private let log: PurgeLog
    private let board: PurgeBoard
    /// What this node is called.
    package let node: String
    private let peers: [Node]
    private let pool: UpstreamPool?
    private let token: String?
    private let nowMilliseconds: @Sendable () -> Int64
    private let ledger: Mutex<PurgeLedger>

    package init(
        log: PurgeLog,
        board: PurgeBoard,
        node: String,
        peers: [Node],
        pool: UpstreamPool?,
        token: String?,
        nowMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.log = log
        self.board = board
        self.node = node
        self.peers = peers
        self.pool = pool
        self.token = token
        self.nowMilliseconds = nowMilliseconds
        ledger = Mutex(PurgeLedger(log.records))
    }

    /// The latest purges, and how many there were.
    package var activity: PurgeLedger { ledger.withLock { $0 } }

    /// The table that a log's records add up to.
    package static func table(from log: PurgeLog) -> PurgeTable {
        var table = PurgeTable()
        for record in log.records {
            guard let rule = record.rule else { continue }
            table.purge(rule.scope, rule.mode, floor: record.sequence)
        }
        return table
    }

    /// Purges everywhere.
    ///
    /// - Returns: the purge's number on this node, and how the others took it; one that failed is asked again by the
    ///   operator repeating the purge, which does no harm.
    /// - Throws: `EdgeFailure.storage` when this node cannot keep it; it is then to be repeated.
    package func purge(
        _ scope: PurgeScope,
        _ mode: PurgeMode,
        author: String
    ) async throws(EdgeFailure) -> (sequence: UInt64, nodes: [NodeOutcome]) {
        let sequence = try await purgeHere(scope, mode, author: author, isTold: false)
        guard !peers.isEmpty else { return (sequence, []) }
        // Twice: what a node fetched from one that had not heard yet is caught the second time.
        let first = await tellPeers(scope, mode, author: author)
        // Kept as the first one is: a restart must not bring back what came in between.
        _ = try await purgeHere(scope, mode, author: author, isTold: nil)
        let second = await tellPeers(scope, mode, author: author)
        let outcomes = zip(first, second).map { $0.isDone && !$1.isDone ? $1 : $1.isDone ? $1 : $0 }
        ledger.withLock { $0.untold += outcomes.count { !$0.isDone } }
        return (sequence, outcomes)
    }

    private func purgeHere(
        _ scope: PurgeScope,
        _ mode: PurgeMode,
        author: String,
        isTold: Bool?
    ) async throws(EdgeFailure) -> UInt64 {
        let record = PurgeRecord(
            sequence: max(floor, board.sequence + 1),
            scope: scope,
            mode: mode,
            author: author,
            node: node
        )
        try await log.append(record)
        // `nil` for the second half of a purge, which counts once.
        if let isTold { ledger.withLock { $0.record(record, isTold: isTold) } }
        return board.purge(scope, mode, floor: record.sequence)
    }

    private var floor: UInt64 { UInt64(max(0, nowMilliseconds())) * 1_000 }

    // MARK: Peers

    private func tellPeers(_ scope: PurgeScope, _ mode: PurgeMode, author: String) async -> [NodeOutcome] {
        await withTaskGroup(of: (Int, NodeOutcome).self) { group in
            for (index, peer) in peers.enumerated() {
                group.addTask { (index, await self.tell(peer, scope, mode, author)) }
            }
            var outcomes: [(Int, NodeOutcome)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func tell(_ peer: Node, _ scope: PurgeScope, _ mode: PurgeMode, _ author: String) async -> NodeOutcome {
        guard let pool, let token else {
            return NodeOutcome(node: peer.id, isDone: false, reason: "no token to tell it with")
        }
        let record = PurgeRecord(sequence: 0, scope: scope, mode: mode, author: author, node: node)
        // Three texts and two numbers always have a JSON form.
        let body = (try? JSONEncoder().encode(record)) ?? Data()
        return await tell(peer, Self.peerPath, ByteBuffer(bytes: body), token, pool)
    }

    /// Sends a body to a path of every peer's public listener, with the shared token.
    package func tellPeers(_ path: String, _ body: ByteBuffer) async -> [NodeOutcome] {
        await withTaskGroup(of: (Int, NodeOutcome).self) { group in
            for (index, peer) in peers.enumerated() {
                group.addTask { [pool, token] in
                    guard let pool, let token else {
                        let reason = "no token to tell it with"
                        return (index, NodeOutcome(node: peer.id, isDone: false, reason: reason))
                    }
                    return (index, await self.tell(peer, path, body, token, pool))
                }
            }
            var outcomes: [(Int, NodeOutcome)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func tell(
        _ peer: Node,
        _ path: String,
        _ body: ByteBuffer,
        _ token: String,
        _ pool: UpstreamPool
    ) async -> NodeOutcome {
        var request = HTTPRequest(method: .post, scheme: "http", authority: peer.authority, path: path)
        request.headerFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
        var timeouts = UpstreamTimeouts()
        timeouts.connect = .seconds(1)
        timeouts.head = .seconds(2)
        let target = UpstreamTarget(host: peer.host, port: peer.port, isTLS: peer.scheme == .https)
        do throws(UpstreamError) {
            let response = try await pool.exchange(request, body: .bytes(body), to: target, timeouts: timeouts)
            response.body.cancel()
            guard response.head.status == .ok else {
                return NodeOutcome(node: peer.id, isDone: false, reason: "it answered \(response.head.status.code)")
            }
            return NodeOutcome(node: peer.id, isDone: true)
        } catch {
            return NodeOutcome(node: peer.id, isDone: false, reason: error.detail.replacing("_", with: " "))
        }
    }

    /// Takes a purge that another node tells.
    package func receive(_ exchange: Exchange, isPeer: Bool) async -> OwnAnswer {
        do throws(EdgeFailure) {
            guard isPeer else { throw .unauthorized }
            let record: PurgeRecord
            do {
                let bytes = try await exchange.body.collect(upTo: Self.bodyBytesMax)
                record = try JSONDecoder().decode(PurgeRecord.self, from: Data(bytes.readableBytesView))
            } catch {
                throw .badRequest("The body is not a purge.")
            }
            guard let rule = record.rule else { throw .badRequest("The purge has an unknown scope or mode.") }
            let author = "\(record.author) by \(record.node)"
            let sequence = try await purgeHere(rule.scope, rule.mode, author: author, isTold: true)
            return OwnAnswer(.ok, "{\"sequence\":\(sequence)}\n")
        } catch {
            return OwnAnswer(EdgeProblem(error).problem)
        }
    }
}
