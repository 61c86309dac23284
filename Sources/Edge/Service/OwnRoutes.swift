package import Wire

/// The node's own paths, which are never asked of an upstream: health, readiness, what peers tell each other.
package struct OwnRoutes: Sendable {
    private let answers: @Sendable (Exchange) async -> OwnAnswer?
    private let takes: @Sendable (Exchange) async -> Bool

    /// - Parameter answers: `nil` for a path that is not the node's own.
    package init(_ answers: @escaping @Sendable (Exchange) async -> OwnAnswer?) {
        self.init(taking: { _ in false }, answering: answers)
    }

    /// As above; `takes` comes first and answers an exchange by itself, or returns `false` with nothing sent.
    package init(
        taking takes: @escaping @Sendable (Exchange) async -> Bool,
        answering answers: @escaping @Sendable (Exchange) async -> OwnAnswer?
    ) {
        self.takes = takes
        self.answers = answers
    }

    func take(_ exchange: Exchange) async -> Bool { await takes(exchange) }

    func answer(_ exchange: Exchange) async -> OwnAnswer? { await answers(exchange) }
}
