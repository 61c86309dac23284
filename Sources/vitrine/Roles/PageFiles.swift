import Console
import DeliveryTypes
import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore

/// The page for people: its files, and what it has to know of the server.
struct PageFiles: Sendable {
    let isUnsafe: Bool
    let hasOrigin: Bool
    let hasEdge: Bool
    /// Whether usage is taken and told by this process.
    let hasUsage: Bool

    static let statePath = "/page/state"

    /// The answer for a GET or HEAD of one of the page's paths; `nil` for other paths.
    ///
    /// The page itself is at `/` beside the origin, and always at `/page/`.
    func answer(_ request: HTTPRequest) -> OwnAnswer? {
        let path = String((request.path ?? "").prefix { $0 != "?" })
        if path == Self.statePath { return OwnAnswer(.ok, stateText) }
        if path == "/", !hasOrigin { return nil }
        guard let asset = ConsoleAssets.asset(at: path == "/page/" ? "/" : path) else { return nil }
        var fields: HTTPFields = [
            .contentType: asset.mediaType, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: ConsoleAssets.contentSecurityPolicy,
        ]
        fields[.eTag] = asset.etag
        if ConditionalRequest(fields: request.headerFields, tag: EntityTag(quoted: asset.etag)) == .notModified {
            var answer = OwnAnswer(head: HTTPResponse(status: .notModified, headerFields: fields), body: ByteBuffer())
            answer.head.headerFields[.contentLength] = nil
            return answer
        }
        return OwnAnswer(
            head: HTTPResponse(status: .ok, headerFields: fields),
            body: ByteBuffer(bytes: asset.bytes)
        )
    }

    private var stateText: String {
        let formats = ImageFormat.allCases.filter(\.isWritable).map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        return "{\"unsafe\":\(isUnsafe),\"version\":\"\(Vitrine.version)\",\"formats\":[\(formats)],"
            + "\"origin\":\(hasOrigin),\"edge\":\(hasEdge),\"usage\":\(hasUsage)}\n"
    }
}
