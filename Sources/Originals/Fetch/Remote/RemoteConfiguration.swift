package import NIOSSL

/// How pictures are fetched from web servers.
package struct RemoteConfiguration: Sendable {
    /// Where connections may go.
    package var addresses: AddressGuard
    package var redirectsMax: Int
    /// Whether a redirect may lead from `https` to `http`.
    package var allowsDowngrade: Bool
    /// Connecting and TLS, for each address that is tried.
    package var connectTimeout: Duration
    /// Silence after which a source is given up.
    package var idleTimeout: Duration
    /// How long an unused connection is kept.
    package var keepAlive: Duration
    package var connectionsPerHostMax: Int
    /// Hosts whose connections are kept.
    package var hostsMax: Int
    /// Addresses of one host that are tried, one after the other.
    package var addressesMax: Int
    /// All header fields of a response, in bytes. (The HTTP parser's own limits hold before that: 256 fields, 80 KB
    /// each, 2 MB in all.)
    package var headerBytesMax: Int
    package var userAgent: String
    /// Certificates to trust; `nil` for the system's.
    package var tls: TLSConfiguration?

    package init(addresses: AddressGuard = AddressGuard()) {
        self.addresses = addresses
        redirectsMax = 10
        allowsDowngrade = false
        connectTimeout = .seconds(5)
        idleTimeout = .seconds(10)
        keepAlive = .seconds(60)
        connectionsPerHostMax = 16
        hostsMax = 64
        addressesMax = 3
        headerBytesMax = 64 << 10
        userAgent = "vitrine"
        tls = nil
    }
}
