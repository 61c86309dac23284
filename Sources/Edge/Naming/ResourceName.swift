import Caching
import HTTPSemantics
package import HTTPTypes

/// What a request asks for, as the cache knows it.
package struct ResourceName: Hashable, Sendable {
    /// The key text: equal texts are the same resource.
    ///
    /// A picture's is its canonical transformation with the negotiated result, so that it already is one variant.
    package var text: String
    /// `http://host/path?query` as asked for; what purges name.
    package var url: String
    /// For a picture: the request fields that were negotiated over, in a fixed order.
    package var selecting: [HTTPField.Name]
    /// Milliseconds since 1970 at which the URL itself ends, if it does.
    package var validUntilMilliseconds: Int64?
    /// Tags that the edge gives by itself.
    package var tags: [String]
    /// For a picture: its source, by which deliveries are counted.
    package var content: String?
    package var isPicture: Bool
    /// For a picture: whether its URL leaves the format to negotiation, and so to experiments.
    package var isOpen: Bool

    /// The name of any resource: its URL.
    package init(url: String) {
        text = url
        self.url = url
        selecting = []
        tags = []
        isPicture = false
        isOpen = false
    }

    /// What ownership in a region is decided by: the resource, not its variant, so that one node has them all.
    var ownershipKey: (high: UInt64, low: UInt64) {
        let key = EntryKey(of: text.utf8)
        return (key.high, key.low)
    }

    /// Which fields still tell variants apart: none for a picture whose `Vary` was all negotiated over.
    func rule(_ rule: VaryRule) -> VaryRule {
        guard isPicture, case .fields(let names) = rule, names.allSatisfy(selecting.contains) else { return rule }
        return .none
    }

    /// The normalised URL of a request (RFC 9110 §4.2.3): scheme and host in lower case, no default or
    /// empty port, no fragment.
    package static func url(of request: HTTPRequest, defaultAuthority: String) -> String {
        let authority = (request.authority ?? defaultAuthority).lowercased()
        let port = authority.hasSuffix(":80") ? 3 : authority.hasSuffix(":") ? 1 : 0
        let host = authority.dropLast(port)
        let path = request.path ?? "/"
        let target = path.firstIndex(of: "#").map { path[..<$0] } ?? path[...]
        return "http://" + host + (target.isEmpty ? "/" : target)
    }
}
