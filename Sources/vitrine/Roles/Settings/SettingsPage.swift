import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Origin
import Wire

/// What the page's panel about settings asks for, for holders of a token.
///
/// `/page` stands for the admin listener's `/admin` in `/page/settings…`, `/page/pictures/arms` and `/page/shadow`.
/// But the public listener only reads, evaluates and rolls back: it neither publishes nor makes keys nor removes
/// anything.
struct SettingsPage: Sendable {
    /// The longest body, in bytes: a request to be evaluated, as the surfaces take it.
    static let bodyBytesMax = 1 << 20
    private static let root = "/page"
    private static let changing: Set<Substring> = ["rollback", "evaluate"]

    let access: AccessPolicy
    let desk: SettingsAnswerDesk

    /// `nil` for what is not the panel's.
    ///
    /// - Throws: `ProblemDocument` for a missing token, a body that is too long, and what the desk refuses.
    func answer(_ exchange: Exchange) async throws(ProblemDocument) -> OwnAnswer? {
        let request = exchange.request
        let target = request.path ?? ""
        let path = target.prefix { $0 != "?" }
        guard Self.isOurs(path) else { return nil }
        try access.requireToken(request)
        let segments = path.split(separator: "/")
        let isChanging = segments.count == 4 && Self.changing.contains(segments[3])
        let allowed: [HTTPRequest.Method] = isChanging ? [.post] : [.get, .head]
        guard allowed.contains(request.method) else { return OwnAnswer(wrongMethod: allowed) }
        let body = isChanging ? try await body(of: exchange) : []
        let method: HTTPRequest.Method = isChanging ? .post : .get
        let told = "/admin" + target.dropFirst(Self.root.count)
        guard let answer = try await desk.answer(method, told, body, author: "page") else {
            throw ProblemDocument(
                "not-found",
                status: .notFound,
                title: "Not found",
                detail: "This process knows nothing of settings under this path."
            )
        }
        var fields: HTTPFields = [.contentType: answer.mediaType, .cacheControl: "no-store"]
        fields[.allow] = answer.allow
        return OwnAnswer(
            head: HTTPResponse(status: answer.status, headerFields: fields),
            body: ByteBuffer(bytes: answer.body)
        )
    }

    private static func isOurs(_ path: Substring) -> Bool {
        let path = path.dropFirst(root.count)
        return path == "/settings" || path.hasPrefix("/settings/") || path == "/pictures/arms" || path == "/shadow"
    }

    private func body(of exchange: Exchange) async throws(ProblemDocument) -> [UInt8] {
        do throws(ExchangeError) {
            return Array(try await exchange.body.collect(upTo: Self.bodyBytesMax).readableBytesView)
        } catch {
            throw ProblemDocument(
                "body",
                status: .contentTooLarge,
                title: "Body too large",
                detail: "The body is incomplete, or has more than \(Self.bodyBytesMax) bytes."
            )
        }
    }
}
