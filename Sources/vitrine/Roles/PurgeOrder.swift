import Caching
import HTTPSemantics
import HTTPTypes

/// The body of a purge: exactly one of `url`, `prefix`, `tag` and `everything`.
struct PurgeOrder: Codable {
    static let bodyBytesMax = 65_536
    static let textBytesMax = 8_192
    /// No stored response carries a longer one.
    static let tagBytesMax = 1_024

    var url: String?
    var prefix: String?
    var tag: String?
    var everything: Bool?
    /// `hard`, as when left out, or `soft`.
    var mode: String?
    /// Who asks, for the purge log.
    var author: String?

    /// - Throws: `ProblemDocument` 400 that says what is wrong.
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
            throw Self.bad("Name exactly one of url, prefix, tag and everything (true).")
        }
        for text in [url, prefix, tag] {
            guard let text else { continue }
            let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            guard !text.isEmpty, text.utf8.count <= Self.textBytesMax, isPlain else {
                throw Self.bad("A url, prefix or tag has 1 to \(Self.textBytesMax) bytes and no control characters.")
            }
        }
        if let tag, tag.utf8.count > Self.tagBytesMax { throw Self.bad("A tag has at most \(Self.tagBytesMax) bytes.") }
        if let text = (url ?? prefix)?.lowercased(), !text.hasPrefix("http://"), !text.hasPrefix("https://") {
            throw Self.bad("A url or prefix begins with http://HOST, as viewers ask for it.")
        }
        guard let mode = PurgeMode(rawValue: mode ?? "hard") else { throw Self.bad("The mode is hard or soft.") }
        return (scope, mode)
    }

    static func bad(_ detail: String) -> ProblemDocument {
        ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: detail)
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
