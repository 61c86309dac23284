import Edge
import Wire

/// What the edge's figures are read from, for `/metrics` and the page.
struct EdgeInstruments: Sendable {
    let configuration: EdgeConfiguration
    let parts: EdgeParts
    let purges: PurgeService
    /// `nil` for a node with neither upstream nor peers.
    let pool: UpstreamPool?
    let router: RegionRouter
    let activity: RecentActivity
}
