import Fleet
import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization
import Wire

/// Asks the owner of a key among the region's nodes, and the origin itself when that is us or the owner fails.
///
/// A request that another node sent is never sent to a third: it has our product in `CDN-Loop`.
struct PeerOrigin: OriginConnector {
    /// Says, inside this process only, that an answer came from the region's owner of its resource.
    static let mark = HTTPField.Name("Vitrine-From-Owner")

    let router: RegionRouter
    let pool: UpstreamPool
    let key: (high: UInt64, low: UInt64)
    let timeouts: UpstreamTimeouts
    let last: any OriginConnector

    func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure) {
        guard body == nil, Self.isFirstHop(request), let ticket = router.begin(key) else {
            return try await last.fetch(request, body: body, into: sink)
        }
        guard !ticket.isOurselves else {
            defer { router.end(ticket, .answered) }
            return try await last.fetch(request, body: nil, into: sink)
        }
        let node = ticket.node
        let target = UpstreamTarget(host: node.host, port: node.port, isTLS: node.scheme == .https)
        let watched = WatchedSink(sink)
        do throws(EdgeFailure) {
            let peer = NetworkOrigin(pool: pool, target: target, timeouts: timeouts)
            try await peer.fetch(request, body: nil, into: watched)
            router.end(ticket, .answered)
        } catch {
            guard case .upstream = error, !watched.hasBegun else {
                router.end(ticket, .abandoned)
                throw error
            }
            router.end(ticket, .failed)
            try await last.fetch(request, body: nil, into: sink)
        }
    }

    /// Whether no other node of ours has had the request: our own member is the only one.
    private static func isFirstHop(_ request: HTTPRequest) -> Bool {
        FieldList.members(of: request.headerFields[values: .cdnLoop]).count { $0.hasPrefix("vitrine") } <= 1
    }
}
