import Wire

/// A handler from a closure; what it throws ends the exchange without more.
struct LyingOrigin: RequestHandler {
    let body: @Sendable (Exchange) async throws -> Void

    func handle(_ exchange: Exchange) async {
        // The exchange is left unfinished, which the client sees.
        do { try await body(exchange) } catch {}
    }
}
