import Caching
import Edge
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Origin

/// The edge's part of the admin listener: purging, and what the page shows.
struct EdgeAdminRoutes {
    let access: AccessPolicy
    let purges: PurgeService
    let edge: EdgeParts

    /// The body of a purge: exactly one of `url`, `prefix`, `tag` and `everything`.
    private struct Order: Decodable {
        var url: String?
        var prefix: String?
        var tag: String?
        var everything: Bool?
        var mode: String?
        var author: String?

        func rule() throws(ProblemDocument) -> (PurgeScope, PurgeMode) {
            var scopes: [PurgeScope] = []
            if let url {
                let text = Self.normalised(String(url.prefix { $0 != "#" }))
                // An empty path is "/" (RFC 9110 §4.2.3).
                scopes.append(.url(text.dropFirst("http://".count).contains("/") ? text : text + "/"))
            }
            if let prefix { scopes.append(.prefix(Self.normalised(prefix))) }
            if let tag { scopes.append(.tag(tag)) }
            if everything == true { scopes.append(.everything) }
            guard scopes.count == 1, let scope = scopes.first else {
                throw EdgeAdminRoutes.bad("Name exactly one of url, prefix, tag and everything (true).")
            }
            for text in [url, prefix, tag] {
                guard let text else { continue }
                guard !text.isEmpty, text.utf8.count <= 8_192, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                    throw EdgeAdminRoutes.bad("A url, prefix or tag has 1 to 8192 bytes and no control characters.")
                }
            }
            if let text = (url ?? prefix)?.lowercased(), !text.hasPrefix("http://"), !text.hasPrefix("https://") {
                throw EdgeAdminRoutes.bad("A url or prefix begins with http://HOST, as viewers ask for it.")
            }
            if let tag, tag.utf8.count > 1_024 { throw EdgeAdminRoutes.bad("A tag has at most 1024 bytes.") }
            guard let mode = PurgeMode(rawValue: mode ?? "hard") else {
                throw EdgeAdminRoutes.bad("The mode is hard or soft.")
            }
            return (scope, mode)
        }

        /// Scheme and host as the cache names them: plain http, lower case, no default port.
        private static func normalised(_ text: String) -> String {
            guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return text }
            let rest = text[colon...].dropFirst(3)
            let host = rest.prefix { $0 != "/" }
            var authority = host.lowercased()
            for port in [":80", ":443"] where authority.hasSuffix(port) { authority.removeLast(port.count) }
            return "http://" + authority + rest.dropFirst(host.count)
        }
    }

    func add(to router: Router<OriginContext>) {
        router.post("/admin/purge") { request, _ in try await purge(request) }
        router.get("/admin/edge") { request, _ in
            try access.requireOperator(request.head)
            return JSONAnswer.response(EdgeStateText.json(edge) + "\n")
        }
    }

    private static func bad(_ detail: String) -> ProblemDocument {
        ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: detail)
    }

    private func purge(_ request: Request) async throws -> Response {
        try access.requireToken(request.head)
        let order: Order
        do {
            let body = try await request.body.collect(upTo: 65_536)
            order = try JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
        } catch {
            throw Self.bad("The body is JSON such as {\"tag\": \"original:…\", \"mode\": \"soft\"}.")
        }
        let (scope, mode) = try order.rule()
        let sequence: UInt64
        let nodes: [PurgeService.NodeOutcome]
        do throws(EdgeFailure) {
            (sequence, nodes) = try await purges.purge(scope, mode, author: order.author ?? "admin")
        } catch {
            throw ProblemDocument(
                "store-failed",
                status: .serviceUnavailable,
                title: "Storage failed",
                detail: "Nothing was purged: \(error)."
            )
        }
        let others = nodes.map { outcome in
            let reason = outcome.reason.map { ",\"reason\":" + JSONText.quoted($0) } ?? ""
            return "{\"node\":\(JSONText.quoted(outcome.node)),\"done\":\(outcome.isDone)\(reason)}"
        }
        let list = others.joined(separator: ",")
        let isComplete = nodes.allSatisfy { $0.isDone }
        return JSONAnswer.response("{\"sequence\":\(sequence),\"complete\":\(isComplete),\"nodes\":[\(list)]}\n")
    }
}
