package import Wire

/// The node's own paths, which are never asked of an upstream: health, readiness, what peers tell each other.
package struct OwnRoutes: Sendable {
    private let answers: @Sendable (Exchange) async -> OwnAnswer?

    /// - Parameter answers: `nil` for a path that is not the node's own.
    package init(_ answers: @escaping @Sendable (Exchange) async -> OwnAnswer?) { self.answers = answers }

    func answer(_ exchange: Exchange) async -> OwnAnswer? { await answers(exchange) }
}
