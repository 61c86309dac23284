import Caching
import Edge
import Fleet
import FoundationEssentials
import Wire

/// The edge's figures as JSON, for the page.
struct EdgeState: Encodable {
    /// What was answered in some time.
    struct Traffic: Encodable {
        struct Row: Encodable {
            let outcome: String
            let requests: Int
            let bytes: Int
            let meanMilliseconds: Double?
            /// What 95 of 100 requests did not exceed, rounded up.
            let p95Milliseconds: Double?
        }

        let seconds: Double
        let requests: Int
        let sentBytes: Int
        let savedBytes: Int
        let hitShare: Double?
        let hitByteShare: Double?
        let derivedShare: Double?
        let outcomes: [Row]

        init(_ reading: EdgeReading, _ length: Duration) {
            seconds = length / .seconds(1)
            requests = reading.requests
            sentBytes = reading.sentBytes
            savedBytes = reading.savedBytes
            hitShare = reading.hitShare
            hitByteShare = reading.hitByteShare
            derivedShare = reading.derivedShare
            outcomes = Outcome.allCases.compactMap { outcome in
                let figures = reading[outcome]
                guard figures.requests > 0, outcome != .own else { return nil }
                return Row(
                    outcome: outcome.rawValue,
                    requests: figures.requests,
                    bytes: figures.bytes,
                    meanMilliseconds: figures.meanMilliseconds,
                    p95Milliseconds: figures.milliseconds(within: 0.95).flatMap { $0.isFinite ? $0 : nil }
                )
            }
        }
    }

    struct Tier: Encodable {
        var entries: Int
        var usedBytes: Int
        var budgetBytes: Int
        var evictions: Int
        /// Of the disk: whether it fails at the moment, and memory alone is used.
        var isDegraded: Bool?
    }

    struct Upstream: Encodable {
        let running: Int
        let runningMax: Int
        let waiting: Int
        let waitingMax: Int
        let refused: Int
        /// `nil` without an upstream and peers.
        var connections: Int?
        var idleConnections: Int?
        var failures: [String: Int]?
    }

    struct Peer: Encodable {
        let node: String
        let url: String
        let isOurselves: Bool
        let load: Int
        let failuresInRow: Int
        let restsMilliseconds: Int64?
    }

    struct Purge: Encodable {
        let milliseconds: UInt64
        let scope: String
        let value: String
        let mode: String
        let author: String
    }

    struct Popular: Encodable {
        let url: String
        let count: Int
    }

    let node: String
    let minute: Traffic
    let total: Traffic
    let memory: Tier
    let disk: Tier?
    let upstream: Upstream
    let peers: [Peer]
    /// The youngest first.
    let purges: [Purge]
    /// Responses that were not stored, by reason.
    let unstored: [String: Int]
    /// The most popular first.
    let top: [Popular]

    static let topMax = 20

    init(_ edge: EdgeInstruments) {
        node = edge.purges.node
        let recent = edge.activity.lastMinute
        minute = Traffic(recent.reading, recent.length)
        total = Traffic(edge.parts.metrics.reading, edge.parts.uptime())
        memory = Tier(edge.parts.memory.statistics)
        disk = edge.parts.disk.map { Tier($0.statistics) }
        upstream = Upstream(edge)
        let now = WallClockTime.milliseconds()
        peers = edge.router.statuses.map { Peer($0, now) }
        purges = edge.purges.activity.latest.map { record in
            Purge(
                milliseconds: record.sequence / 1_000,
                scope: record.scope,
                value: record.value,
                mode: record.mode,
                author: record.author
            )
        }
        var unstored: [String: Int] = [:]
        for reason in UnstoredReason.all {
            let count = edge.parts.metrics.unstored(reason)
            if count > 0 { unstored[reason.text] = count }
        }
        self.unstored = unstored
        top = edge.parts.popular.top.prefix(Self.topMax).map { Popular(url: $0.name, count: $0.count) }
    }

    /// One line of JSON.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            preconditionFailure("figures are always JSON: \(error)")
        }
    }
}

extension EdgeState.Tier {
    fileprivate init(_ now: MemoryTierStatistics) {
        self.init(
            entries: now.entries,
            usedBytes: now.usedBytes,
            budgetBytes: now.budgetBytes,
            evictions: now.evictions
        )
    }

    fileprivate init(_ now: DiskTierStatistics) {
        self.init(
            entries: now.entries,
            usedBytes: now.usedBytes,
            budgetBytes: now.budgetBytes,
            evictions: now.recordsEvicted,
            isDegraded: now.isDegraded
        )
    }
}

extension EdgeState.Upstream {
    fileprivate init(_ edge: EdgeInstruments) {
        (running, waiting) = edge.parts.gate.load
        runningMax = edge.configuration.concurrency
        waitingMax = edge.configuration.queue
        refused = edge.parts.gate.statistics.refused.values.reduce(0, +)
        let pool = edge.pool?.statistics
        connections = pool?.connectionsOpen
        idleConnections = pool?.connectionsIdle
        failures = pool?.failures
    }
}

extension EdgeState.Peer {
    fileprivate init(_ status: PeerStatus, _ now: Int64) {
        node = status.node.id
        url = status.node.url
        isOurselves = status.isOurselves
        load = status.load
        failuresInRow = status.failuresInRow
        restsMilliseconds = status.restsUntilMilliseconds.map { max(0, $0 - now) }
    }
}
