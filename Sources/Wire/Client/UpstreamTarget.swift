import NIOCore

/// One HTTP/1.1 server that requests are sent to; connections are kept per target.
package struct UpstreamTarget: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without brackets.
    package let host: String
    /// 1–65535.
    package let port: Int
    package let isTLS: Bool

    package init(host: String, port: Int, isTLS: Bool = false) {
        self.host = host
        self.port = port
        self.isTLS = isTLS
    }

    /// `host` or `host:port`, as a `Host` field names it (RFC 9110 §7.2); the scheme's own port is left out.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The address, if `host` is one and not a name.
    var address: SocketAddress? {
        // That it is none is no failure: then it is a name.
        try? SocketAddress(ipAddress: host, port: port)
    }

    package var description: String { "\(isTLS ? "https" : "http")://\(authority)" }
}
