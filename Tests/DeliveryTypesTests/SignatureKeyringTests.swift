import DeliveryTypes
import Testing

@Suite("Signatures")
struct SignatureKeyringTests {
    static let path = "/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png"
    static let secret = "736563726574"
    static let hello = "68656C6C6F"

    @Test("imgproxy's documented example has its documented signature")
    func documentedExample() throws {
        let keyring = try SignatureKeyring(keys: [Self.secret], salts: [Self.hello])
        #expect(keyring.signature(of: Self.path) == "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8")
        #expect(keyring.verify(signature: "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8", over: Self.path))
        #expect(keyring.sign("/w:1/plain/x") == "/\(try #require(keyring.signature(of: "/w:1/plain/x")))/w:1/plain/x")
    }

    @Test("the vectors of imgproxy's own tests hold: whole, truncated, and the second pair of two")
    func upstreamVectors() throws {
        // test-key and test-salt, test-key2 and test-salt2, over "asd" with the slash that imgproxy puts before it.
        let keys = ["746573742d6b6579", "746573742d6b657932"]
        let salts = ["746573742d73616c74", "746573742d73616c7432"]
        let one = try SignatureKeyring(keys: [keys[0]], salts: [salts[0]])
        let short = try SignatureKeyring(keys: [keys[0]], salts: [salts[0]], signatureSize: 8)
        let two = try SignatureKeyring(keys: keys, salts: salts)
        let whole = "oWaL7QoW5TsgbuiS9-5-DI8S3Ibbo1gdB2SteJh3a20"
        #expect(one.verify(signature: whole, over: "/asd"))
        #expect(!one.verify(signature: "oWaL7QoW5Ts", over: "/asd"))
        #expect(short.verify(signature: "oWaL7QoW5Ts", over: "/asd"))
        #expect(!short.verify(signature: whole, over: "/asd"))
        #expect(two.verify(signature: whole, over: "/asd"))
        #expect(two.verify(signature: "jYz1UZ7j1BCdSzH3pZhaYf0iuz0vusoOTdqJsUT6WXI", over: "/asd"))
        #expect(!two.verify(signature: "dtLwhdnPPis", over: "/asd"))
    }

    @Test("all vectors made with Python's hmac are reproduced and accepted")
    func pythonVectors() throws {
        let lines = try FixtureFile.lines("Tests/Fixtures/signatures/signatures.tsv")
        #expect(lines.count == 150)
        for line in lines {
            let fields = line.split(separator: "\t").map(String.init)
            let size = try #require(Int(fields[2]))
            let keyring = try SignatureKeyring(keys: [fields[0]], salts: [fields[1]], signatureSize: size)
            #expect(keyring.signature(of: fields[3]) == fields[4])
            #expect(keyring.verify(signature: fields[4], over: fields[3]))
        }
    }

    @Test("URLs of the PyPI client library verify and parse, and stop verifying when a byte changes")
    func clientLibrary() throws {
        let lines = try FixtureFile.lines("Tests/Fixtures/signatures/client_urls.tsv")
        #expect(lines.count == 60)
        for line in lines {
            let fields = line.split(separator: "\t").map(String.init)
            let keyring = try SignatureKeyring(keys: [fields[0]], salts: [fields[1]])
            let signed = try SignedPath(splitting: fields[3])
            #expect(keyring.verify(signature: signed.signature, over: signed.signedPart))
            #expect(!keyring.verify(signature: signed.signature, over: signed.signedPart + "0"))
            let path = try DeliveryPath(signed)
            #expect(path.source == (try SourceReference(parsing: fields[2])))
            #expect(path.transformation.resizing == (fields[3].contains("rs:fill") ? .fill : .auto))
        }
    }

    @Test("any pair of several verifies, and the first one signs")
    func rotation() throws {
        let old = try SignatureKeyring(keys: ["01"], salts: ["02"])
        let both = try SignatureKeyring(keys: ["03", "01"], salts: ["04", "02"])
        let new = try SignatureKeyring(keys: ["03"], salts: ["04"])
        let signedByOld = try #require(old.signature(of: "/x/y"))
        #expect(both.verify(signature: signedByOld, over: "/x/y"))
        #expect(both.signature(of: "/x/y") == new.signature(of: "/x/y"))
        #expect(!new.verify(signature: signedByOld, over: "/x/y"))
    }

    @Test("a trusted signature is accepted for every path, and only as written")
    func trusted() throws {
        let keyring = try SignatureKeyring(keys: [], salts: [], trustedSignatures: ["for-tests", ""])
        #expect(keyring.verify(signature: "for-tests", over: "/a"))
        #expect(!keyring.verify(signature: "for-test", over: "/a"))
        #expect(!keyring.verify(signature: "", over: "/a"))
    }

    @Test(
        "odd signatures are refused",
        arguments: [
            "", "=", "A", "unsafe", "insecure", "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8=",
            "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH9", "oKfUtW34Dvo2BGQehJFR4Nr0/rIjOtdtzJ3QFsUcXH8",
            "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8A", "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXA",
            "%6FKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8", "\u{0}", "é",
        ]
    )
    func oddSignatures(_ signature: String) throws {
        let keyring = try SignatureKeyring(keys: [Self.secret], salts: [Self.hello])
        #expect(!keyring.verify(signature: signature, over: Self.path))
    }

    @Test("a signature of a megabyte is refused")
    func enormousSignature() throws {
        let keyring = try SignatureKeyring(keys: [Self.secret], salts: [Self.hello])
        #expect(!keyring.verify(signature: String(repeating: "A", count: 1 << 20), over: Self.path))
    }

    @Test("an empty keyring accepts and signs nothing")
    func empty() throws {
        let keyring = try SignatureKeyring(keys: [], salts: [])
        #expect(keyring.isEmpty)
        #expect(!keyring.verify(signature: "unsafe", over: "/a"))
        #expect(keyring.signature(of: "/a") == nil)
    }

    @Test("a fault in the configuration names the pair and never the secret")
    func configurationFaults() {
        let good = "deadbeef"
        #expect(throws: SignatureKeyringError.unequalCounts(keys: 2, salts: 1)) {
            try SignatureKeyring(keys: [good, good], salts: [good])
        }
        for bad in ["xyz1", "abc", "", "0x00", " 00", String(repeating: "0", count: 2_050)] {
            #expect(throws: SignatureKeyringError.invalidKey(pair: 2)) {
                try SignatureKeyring(keys: [good, bad], salts: [good, good])
            }
            let error = #expect(throws: SignatureKeyringError.self) {
                try SignatureKeyring(keys: [good], salts: [bad])
            }
            #expect(error == .invalidSalt(pair: 1))
            #expect(error?.description.contains("salt of pair 1") == true)
        }
        #expect(!SignatureKeyringError.invalidKey(pair: 2).description.contains("xyz"))
        for size in [0, -1, 33] {
            #expect(throws: SignatureKeyringError.invalidSignatureSize(size)) {
                try SignatureKeyring(keys: [good], salts: [good], signatureSize: size)
            }
        }
        let many = Array(repeating: good, count: GrammarLimits.keyPairsMax + 1)
        #expect(throws: SignatureKeyringError.tooManyPairs(many.count)) {
            try SignatureKeyring(keys: many, salts: many)
        }
    }

    @Test("a keyring that is printed or dumped shows no secret")
    func printing() throws {
        let keyring = try SignatureKeyring(keys: ["c0ffee"], salts: ["bada55"])
        var dumped = ""
        dump(keyring, to: &dumped)
        for text in ["\(keyring)", String(reflecting: keyring), dumped] {
            for secret in ["c0ffee", "bada55", "192", "186", "218"] { #expect(!text.contains(secret)) }
        }
    }
}
