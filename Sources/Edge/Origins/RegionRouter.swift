package import Fleet
import HTTPSemantics
import HTTPTypes
import Synchronization
package import Wire

/// Where a request goes that this node cannot answer: the owner among the region's nodes, the origin in this process,
/// or the upstream.
package final class RegionRouter: Sendable {
    private let peers: Mutex<PeerSet?>
    private let pool: UpstreamPool?
    private let upstream: UpstreamTarget?
    private let timeouts: UpstreamTimeouts
    private let local: (any OriginConnector)?
    private let isLocal: @Sendable (String) -> Bool
    private let nowMilliseconds: @Sendable () -> Int64

    /// A router for a node by itself (`peers` empty) or for one of a region, which `peers` has with all others.
    ///
    /// `isLocal` says whether a path is one of the local origin's.
    /// - Throws: `FleetError` for a list that makes no region.
    package init(
        peers: [Node],
        ourselves: String,
        pool: UpstreamPool?,
        upstream: UpstreamTarget?,
        timeouts: UpstreamTimeouts,
        local: (any OriginConnector)?,
        isLocal: @escaping @Sendable (String) -> Bool,
        nowMilliseconds: @escaping @Sendable () -> Int64
    ) throws(FleetError) {
        self.peers = Mutex(peers.count < 2 ? nil : try PeerSet(peers, ourselves: ourselves))
        self.pool = pool
        self.upstream = upstream
        self.timeouts = timeouts
        self.local = local
        self.isLocal = isLocal
        self.nowMilliseconds = nowMilliseconds
    }

    /// The connector for a resource; `nil` when nobody has it.
    package func origin(for name: ResourceName, path: String) -> (any OriginConnector)? {
        guard let last = last(path) else { return nil }
        guard let pool, peers.withLock({ $0 != nil }) else { return last }
        return PeerOrigin(router: self, pool: pool, key: name.ownershipKey, timeouts: timeouts, last: last)
    }

    private func last(_ path: String) -> (any OriginConnector)? {
        if let local, upstream == nil || isLocal(path) { return local }
        guard let pool, let upstream else { return local }
        return NetworkOrigin(pool: pool, target: upstream, timeouts: timeouts)
    }

    func begin(_ key: (high: UInt64, low: UInt64)) -> PeerTicket? {
        let now = nowMilliseconds()
        return peers.withLock { $0?.begin(for: key, at: now) }
    }

    func end(_ ticket: PeerTicket, _ outcome: PeerTicket.Outcome) {
        let now = nowMilliseconds()
        peers.withLock { $0?.end(ticket, outcome, at: now) }
    }

    /// The nodes of the region as this one sees them.
    package var statuses: [PeerStatus] {
        let now = nowMilliseconds()
        return peers.withLock { $0?.statuses(at: now) ?? [] }
    }
}
