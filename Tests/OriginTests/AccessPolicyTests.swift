import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Origin
import Testing

@Suite("Who may do what")
struct AccessPolicyTests {
    private func policy(isUnsafe: Bool = false) throws -> AccessPolicy {
        let keyring = try SignatureKeyring(keys: ["aabb"], salts: ["ccdd"])
        return AccessPolicy(keyring: keyring, tokens: ["first", "second", ""], isUnsafe: isUnsafe)
    }

    private func request(_ fields: HTTPFields = [:], authority: String = "localhost:8080") -> HTTPRequest {
        HTTPRequest(method: .post, scheme: "http", authority: authority, path: "/originals", headerFields: fields)
    }

    @Test("any configured token opens, nothing else does", arguments: ["first", "second"])
    func tokens(token: String) throws {
        let policy = try policy()
        try policy.requireToken(request([.authorization: "Bearer \(token)"]))
        try policy.requireToken(request([.authorization: "bearer \(token)"]))
        for wrong in ["Bearer", "Bearer ", "Bearer \(token)x", "Basic \(token)", token, ""] {
            #expect(throws: ProblemDocument.self) { try policy.requireToken(request([.authorization: wrong])) }
        }
        #expect(throws: ProblemDocument.self) { try policy.requireToken(request()) }
    }

    @Test("a signature is checked, and \"unsafe\" is none")
    func signatures() throws {
        let policy = try policy()
        let path = "/plain/original://x"
        let signature = try #require(policy.keyring.signature(of: path))
        try policy.requireSignature(signature, over: path, request: request())
        for wrong in ["unsafe", "", signature + "A", String(signature.dropLast())] {
            let problem = #expect(throws: ProblemDocument.self) {
                try policy.requireSignature(wrong, over: path, request: request())
            }
            #expect(problem?.status == .forbidden)
        }
    }

    @Test("unsafe mode serves requests to this machine, not those of other sites or rebound names")
    func unsafeMode() throws {
        let policy = try policy(isUnsafe: true)
        try policy.requireToken(request())
        try policy.requireToken(request(authority: "127.0.0.1:8080"))
        try policy.requireToken(request(authority: "[::1]:8080"))
        try policy.requireToken(request([.secFetchSite: "same-origin"]))
        try policy.requireSignature("unsafe", over: "/x", request: request())
        for authority in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "", "127.1"] {
            #expect(throws: ProblemDocument.self) { try policy.requireToken(request(authority: authority)) }
            #expect(throws: ProblemDocument.self) {
                try policy.requireSignature("unsafe", over: "/x", request: request(authority: authority))
            }
        }
        #expect(throws: ProblemDocument.self) { try policy.requireToken(request([.secFetchSite: "cross-site"])) }
        #expect(throws: ProblemDocument.self, "a wrong token is not forgiven") {
            try policy.requireToken(request([.authorization: "Bearer nope"]))
        }
    }

    @Test(
        "loopback is known by address and by localhost",
        arguments: [
            ("127.0.0.1", true), ("127.9.8.7:1", true), ("localhost", true), ("LOCALHOST:80", true), ("[::1]", true),
            ("::1", true), ("0.0.0.0", false), ("10.0.0.1", false), ("127.0.0.256", false), ("128.0.0.1", false),
            ("example.com:127", false), ("[::]", false), ("", false),
        ]
    )
    func loopback(authority: String, expected: Bool) {
        #expect(AccessPolicy.isLoopback(authority: authority) == expected)
    }
}
