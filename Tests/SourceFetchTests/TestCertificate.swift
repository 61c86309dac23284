import NIOSSL

/// A key and a self-signed certificate for the name `origin.test`, valid from 2020 to 2120, made for these tests only.
///
/// Recipe: `openssl ecparam -name prime256v1 -genkey`, then `openssl ca -selfsign` with
/// `subjectAltName=DNS:origin.test`, `-startdate 20200101000000Z` and `-enddate 21200101000000Z`.
enum TestCertificate {
    static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem)
    }

    static func key() throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem)
    }

    private static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBZjCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtvcmlnaW4u
        dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
        AwwLb3JpZ2luLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQGlUygTlR4
        GRBUX+EG2KWUHj/UvvD4q7TyLpVS1dA3HX8HuF0AuhY7ytYnP2Q7RT77YJMJ3WhF
        fKrb5IS4/aX3o0owSDAPBgNVHRMBAf8EBTADAQH/MBYGA1UdEQQPMA2CC29yaWdp
        bi50ZXN0MB0GA1UdDgQWBBRcuNbzSl1t3ChzvlgwwlIhA2Ut1DAKBggqhkjOPQQD
        AgNHADBEAiACQRrtZXp66ffHyrbNjnBouxtTE9QJBJXGR7iGy91AoQIgPJqnedL/
        t4urViCQEWSrKqoIfLu4kPpvvdTp/kB9tpc=
        -----END CERTIFICATE-----
        """

    private static let keyText = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIBdGAa59dxN+8GEbyzf28M9QCacqYAHCBH0+31cNio/noAoGCCqGSM49
        AwEHoUQDQgAEBpVMoE5UeBkQVF/hBtillB4/1L7w+Ku08i6VUtXQNx1/B7hdALoW
        O8rWJz9kO0U++2CTCd1oRXyq2+SEuP2l9w==
        -----END EC PRIVATE KEY-----
        """
}
