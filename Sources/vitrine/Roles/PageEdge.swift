import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Origin
import Wire

/// The page on the edge's public listener, with its panels about the edge and about settings.
///
/// Not cached and not counted among the viewers' requests: looking at the figures does not change them.
struct PageEdge: Sendable {
    static let statePath = "/page/edge"
    static let purgePath = "/page/purge"

    let files: PageFiles
    let access: AccessPolicy
    let desk: PurgeDesk
    /// `nil` for an edge without settings.
    let settings: SettingsPage?
    let state: @Sendable () -> String

    /// `nil` for what is not the page's.
    func answer(_ exchange: Exchange) async -> OwnAnswer? {
        let request = exchange.request
        guard let path = request.path, path.hasPrefix("/page/") || path == "/" || path.hasPrefix("/?") else {
            return nil
        }
        do throws(ProblemDocument) {
            if let answer = try await settings?.answer(exchange) { return answer }
            switch (request.method, path.prefix { $0 != "?" }) {
            case (.get, Substring(Self.statePath)), (.head, Substring(Self.statePath)):
                try access.requireToken(request)
                return OwnAnswer(.ok, state())
            case (.post, Substring(Self.purgePath)):
                try access.requireToken(request)
                return OwnAnswer(.ok, try await purge(exchange))
            case (_, Substring(Self.statePath)): return OwnAnswer(wrongMethod: [.get, .head])
            case (_, Substring(Self.purgePath)): return OwnAnswer(wrongMethod: [.post])
            case (.get, _), (.head, _): return files.answer(request)
            default: return nil
            }
        } catch {
            return OwnAnswer(error)
        }
    }

    private func purge(_ exchange: Exchange) async throws(ProblemDocument) -> String {
        let body: ByteBuffer
        do throws(ExchangeError) {
            body = try await exchange.body.collect(upTo: PurgeOrder.bodyBytesMax)
        } catch {
            throw PurgeOrder.bad("The body is incomplete, or has more than \(PurgeOrder.bodyBytesMax) bytes.")
        }
        return try await desk.answer(body, author: "page")
    }
}
