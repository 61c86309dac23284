/// One server of a region: its id, which decides what it owns, and where it answers.
///
/// The id is what counts for ownership: a node that moves to another address keeps its keys, and all nodes must know it
/// by the same id.
package struct Node: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https
    }

    package static let idBytesMax = 63
    package static let weights = 1...1000

    /// ASCII: letters, digits, `.`, `-`, `_`; or `host:port` if nobody gave it one.
    package let id: String
    package let scheme: Scheme
    /// In lower case; an IPv6 address without brackets.
    package let host: String
    /// 1 to 65535.
    package let port: Int
    /// The part of the keys that it owns, in proportion to the others' weights.
    package let weight: Int

    /// - Precondition: the host is not empty, port and weight are in their ranges.
    package init(id: String? = nil, scheme: Scheme = .http, host: String, port: Int, weight: Int = 1) {
        precondition(!host.isEmpty && (1...65_535).contains(port) && Self.weights.contains(weight))
        self.scheme = scheme
        self.host = host
        self.port = port
        self.weight = weight
        self.id = id ?? Self.authority(host, port)
    }

    /// `host:port`, an IPv6 address in brackets.
    package var authority: String { Self.authority(host, port) }

    /// `http://host:port`, without a slash at the end.
    package var url: String { "\(scheme.rawValue)://\(authority)" }

    private static func authority(_ host: String, _ port: Int) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension Node: CustomStringConvertible {
    /// As `init(peer:)` reads it.
    package var description: String {
        "\(id == authority ? "" : id + "=")\(url)\(weight == 1 ? "" : ";weight=\(weight)")"
    }
}
