/// How this cache names itself in `Via`, `CDN-Loop` and `Cache-Status`.
package struct CacheIdentity: Hashable, Sendable {
    /// The token of the product, the same on all nodes: `vitrine`.
    package var product: String
    /// The token of this node, different on every node; letters, digits, hyphens, dots.
    package var node: String
    /// How often the product may stand in `CDN-Loop` before a request counts as looping: edge, owner peer and shield
    /// are three.
    package var passesMax = 4

    package init(product: String = "vitrine", node: String) {
        self.product = product
        self.node = node
    }

    /// The member this node adds to `CDN-Loop` (RFC 8586 section 2).
    var loopMember: String { "\(product); node=\"\(node)\"" }

    /// The pseudonym in `Via` (RFC 9110 section 7.6.3).
    var pseudonym: String { "\(product)-\(node)" }
}
