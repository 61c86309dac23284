import DeliveryTypes
import NIOSSL
import Originals
import Testing

@Suite("Requests to forbidden addresses", .timeLimit(.minutes(2)))
struct ForgeryTests {
    private static let refused = SourceError.notAllowed("the source's address is not allowed")

    @Test(
        "a forbidden address is refused without a connection",
        arguments: [
            "http://127.0.0.1/", "http://127.8.8.9/", "http://0.0.0.0/", "http://10.0.0.1/", "http://169.254.169.254/",
            "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f08:808]/",
            "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fd00:ec2::254]/",
            "http://100.100.100.200/", "http://168.63.129.16/", "http://255.255.255.255/", "http://224.0.0.1/",
        ]
    )
    func literals(url: String) async throws {
        try await withFetcher { fetcher in
            await #expect(throws: Self.refused) { try await fetcher.fetch(.remote(url)) }
        }
    }

    @Test("the name localhost, as the system resolves it, is refused")
    func localhost() async throws {
        try await withFetcher(resolver: SystemHostResolver()) { fetcher in
            await #expect(throws: Self.refused) { try await fetcher.fetch(.remote("http://localhost/")) }
        }
    }

    @Test(
        "a redirect to a forbidden or odd address is refused",
        arguments: [
            ("http://127.0.0.1/", true), ("http://169.254.169.254/latest/meta-data/", true),
            ("http://[::ffff:127.0.0.1]/", true), ("//10.0.0.1/", true), ("https://[::1]/", true),
            ("http://2130706433/", false), ("http://0x7f.0.0.1/", false), ("http://127.1/", false),
            ("http://a@127.0.0.1/", false), ("file:///etc/passwd", false), ("gopher://127.8.8.8/", false),
        ]
    )
    func redirects(location: String, isAddress: Bool) async throws {
        try await HostileOrigin.run(["/a": Scripts.redirect(to: location)]) { origin in
            try await withFetcher { fetcher in
                do throws(SourceError) {
                    _ = try await fetcher.fetch(.remote("\(origin.url)/a"))
                    Issue.record("was followed")
                } catch .notAllowed {
                    #expect(isAddress)
                } catch .broken {
                    // The origin sent what is no address; whoever asked for it did nothing wrong.
                    #expect(!isAddress)
                } catch {
                    Issue.record("\(error)")
                }
                #expect(origin.counts.requests.count == 1)
            }
        }
    }

    @Test("redirects are followed up to the limit, and a loop ends there")
    func redirectLimit() async throws {
        try await HostileOrigin.run([
            "/1": Scripts.redirect(to: "/2", status: 301), "/2": Scripts.redirect(to: "3", status: 307),
            "/3": Scripts.redirect(to: "/4", status: 308), "/4": Scripts.picture("four"),
            "/loop": Scripts.redirect(to: "/loop"),
        ]) { origin in
            try await withFetcher(configured { $0.remote.redirectsMax = 3 }) { fetcher in
                try await fetcher.expect("four", at: "\(origin.url)/1")
                await #expect(throws: SourceError.tooManyRedirects(limit: 3)) {
                    try await fetcher.fetch(.remote("\(origin.url)/loop"))
                }
                #expect(origin.counts.requests.count == 4 + 4)
            }
        }
    }

    @Test("a redirect out of the allow-list is refused")
    func redirectOutOfList() async throws {
        try await HostileOrigin.run([
            "/open/a": Scripts.redirect(to: "/closed/b"), "/closed/b": Scripts.picture("secret"),
        ]) { origin in
            try await withFetcher(configured { $0.allowed = SourceAllowList(["\(origin.url)/open/"]) }) { fetcher in
                await #expect(throws: SourceError.notAllowed("the source is not in the allow-list")) {
                    try await fetcher.fetch(.remote("\(origin.url)/open/a"))
                }
                #expect(origin.counts.requests.count == 1)
            }
        }
    }

    @Test("a name is resolved once per hop and the connection goes to the checked address")
    func pinned() async throws {
        try await HostileOrigin.run(["/a": Scripts.redirect(to: "/b"), "/b": Scripts.picture("b")]) { origin in
            // Only this resolver knows the name: a second look-up by anybody else would fail.
            let resolver = ScriptedResolver(["origin.test": [[HostileOrigin.address]]])
            try await withFetcher(resolver: resolver) { fetcher in
                let fetched = try await fetcher.fetch(.remote("http://Origin.Test.:\(origin.port)/a"))
                #expect(try fetched.text() == "b")
                #expect(resolver.lookups == ["origin.test", "origin.test"])
                #expect(origin.counts.requests.allSatisfy { $0.contains("origin.test:\(origin.port)") })
            }
        }
    }

    @Test("a name that moves to a forbidden address between two hops is refused")
    func rebinding() async throws {
        try await HostileOrigin.run(["/a": Scripts.redirect(to: "/b"), "/b": Scripts.picture("b")]) { origin in
            let resolver = ScriptedResolver(["origin.test": [[HostileOrigin.address], ["127.0.0.1"]]])
            try await withFetcher(resolver: resolver) { fetcher in
                await #expect(throws: Self.refused) {
                    try await fetcher.fetch(.remote("http://origin.test:\(origin.port)/a"))
                }
                #expect(origin.counts.requests.count == 1)
            }
        }
    }

    @Test("one forbidden address among several refuses the name")
    func mixedAnswer() async throws {
        try await HostileOrigin.run(["/a": Scripts.picture("a")]) { origin in
            let resolver = ScriptedResolver(["origin.test": [[HostileOrigin.address, "10.0.0.1"]]])
            try await withFetcher(resolver: resolver) { fetcher in
                await #expect(throws: Self.refused) {
                    try await fetcher.fetch(.remote("http://origin.test:\(origin.port)/a"))
                }
                #expect(origin.counts.connections == 0)
            }
        }
    }

    @Test("when nobody listens at the first address, the next is tried")
    func nextAddress() async throws {
        try await HostileOrigin.run(["/a": Scripts.picture("a")]) { origin in
            let resolver = ScriptedResolver(["origin.test": [[HostileOrigin.address, "127.8.8.7"]]])
            let both = configured { $0.remote.addresses.exceptions += [AddressBlock("127.8.8.7")].compactMap(\.self) }
            try await withFetcher(both, resolver: resolver) { fetcher in
                try await fetcher.expect("a", at: "http://origin.test:\(origin.port)/a")
            }
        }
    }

    @Test("TLS verifies the host's name although the connection is pinned, and does not step down")
    func tls() async throws {
        let certificate = try TestCertificate.certificate()
        let server = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(try TestCertificate.key())
        )
        var client = TLSConfiguration.makeClientConfiguration()
        client.trustRoots = .certificates([certificate])
        let scripts = ["/a": Scripts.picture("a"), "/down": Scripts.redirect(to: "http://origin.test/a")]
        try await HostileOrigin.run(scripts, tls: server) { origin in
            let known = [[HostileOrigin.address]]
            let resolver = ScriptedResolver(["origin.test": known, "other.test": known])
            try await withFetcher(configured { $0.remote.tls = client }, resolver: resolver) { fetcher in
                try await fetcher.expect("a", at: "https://origin.test:\(origin.port)/a")
                await #expect(throws: SourceError.unreachable) {
                    try await fetcher.fetch(.remote("https://other.test:\(origin.port)/a"))
                }
                await #expect(throws: SourceError.notAllowed("the source redirects from https to http")) {
                    try await fetcher.fetch(.remote("https://origin.test:\(origin.port)/down"))
                }
            }
            try await withFetcher(resolver: resolver) { fetcher in
                await #expect(throws: SourceError.unreachable) {
                    try await fetcher.fetch(.remote("https://origin.test:\(origin.port)/a"))
                }
            }
        }
    }

    @Test("errors tell strangers nothing about addresses")
    func silence() async throws {
        let resolver = ScriptedResolver(["origin.test": [["10.11.12.13"]]])
        try await withFetcher(resolver: resolver) { fetcher in
            do throws(SourceError) {
                _ = try await fetcher.fetch(.remote("http://origin.test/"))
            } catch {
                #expect(!"\(error)".contains("10."))
            }
        }
    }
}
