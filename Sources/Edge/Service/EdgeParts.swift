package import Caching
package import HTTPSemantics
import NIOCore
package import Wire

/// What the edge's parts share; wired by hand in the binary.
package final class EdgeParts: Sendable {
    package let settings: EdgeSettings
    let store: ResponseStore
    package let board: PurgeBoard
    package let metrics: EdgeMetrics
    let nursery = TaskNursery()
    /// Where what is not here comes from, by request; `nil` when nobody has it.
    let route: @Sendable (ResourceName, String) -> (any OriginConnector)?
    /// The wall clock, milliseconds since 1970.
    package let nowMilliseconds: @Sendable () -> Int64
    /// Time since a fixed moment; never goes backwards.
    package let uptime: @Sendable () -> Duration

    package init(
        settings: EdgeSettings,
        memory: MemoryTier,
        disk: DiskTier?,
        board: PurgeBoard,
        hashSeed: UInt64,
        metrics: EdgeMetrics,
        nowMilliseconds: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> Duration,
        route: @escaping @Sendable (_ name: ResourceName, _ path: String) -> (any OriginConnector)?
    ) {
        self.settings = settings
        self.board = board
        store = ResponseStore(memory: memory, disk: disk, front: FrontIndex(seed: hashSeed), board: board)
        self.metrics = metrics
        self.nowMilliseconds = nowMilliseconds
        self.uptime = uptime
        self.route = route
    }

    /// Stores a complete answer.
    func keep(
        _ streamed: Flight.Streamed,
        _ stored: StoredResponse,
        _ body: ByteBuffer,
        _ subject: PurgeSubject,
        cost: Float,
        now: Int64
    ) {
        store.store(at: streamed.place, rule: streamed.rule, nowMilliseconds: now) { key in
            CachedResponse(
                key: key.entry,
                name: key.name,
                stored: stored,
                body: body,
                subject: subject,
                costMilliseconds: cost,
                maker: streamed.maker
            )
        }
    }
}
