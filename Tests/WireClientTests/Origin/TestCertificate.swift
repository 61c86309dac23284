import NIOSSL

/// A key and a self-signed certificate for the name `upstream.test`, valid from 2020 to 2120, for these tests only.
///
/// Recipe: `openssl ecparam -name prime256v1 -genkey`, then `openssl ca -selfsign` with
/// `subjectAltName=DNS:upstream.test`, `-startdate 20200101000000Z` and `-enddate 21200101000000Z`.
enum TestCertificate {
    static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem)
    }

    /// A server's side with this certificate.
    static func serverContext() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate())],
                privateKey: .privateKey(key)
            )
        )
    }

    private static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBazCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA11cHN0cmVh
        bS50ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
        VQQDDA11cHN0cmVhbS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZexf
        fhRePislMLbXcD6m793bUlM2iJ3No4izWeq/fVZeY1naCf+GQLMMtGjNAwHchIoX
        MsISdpjcB8EU+ImpiqNMMEowDwYDVR0TAQH/BAUwAwEB/zAYBgNVHREEETAPgg11
        cHN0cmVhbS50ZXN0MB0GA1UdDgQWBBR+Jp9PYCSPLTHs6fe+komb8rsjqDAKBggq
        hkjOPQQDAgNGADBDAiANPsuEfUW8T/5KlWJkSz5d/gPc1NjVWC0+tChIh0TlkgIf
        POfEaj0966DHRVP4CYjQO4g8+ZmBUPjU5CBn5r/kEg==
        -----END CERTIFICATE-----
        """

    private static let keyText = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIFUc7usyHK64oZJ3IF+ydws6pVROqs6qGLrgd25kuEJdoAoGCCqGSM49
        AwEHoUQDQgAEZexffhRePislMLbXcD6m793bUlM2iJ3No4izWeq/fVZeY1naCf+G
        QLMMtGjNAwHchIoXMsISdpjcB8EU+Impig==
        -----END EC PRIVATE KEY-----
        """
}
