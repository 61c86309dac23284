import NIOCore
import NIOHTTP1
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A failing S3 service", .timeLimit(.minutes(2)))
struct S3FaultTests {
    private static let found = ScriptedService.Answer.status(200, fields: ["etag": "\"tag\""], body: "picture")

    private static func error(_ code: String) -> String {
        "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>for &lt;you&gt;</Message></Error>"
    }

    @Test("a failure that may go away is repeated until it has")
    func repeats() async throws {
        let busy = ScriptedService.Answer.status(503, body: Self.error("SlowDown"))
        try await ScriptedService.run([busy, .nothing, .status(500), Self.found]) { store, service in
            let stored = try await store.get(ObjectKey("a b.png"))
            let text = String(buffer: try await stored.body.collect(upTo: 100))
            #expect(text == "picture")
            #expect(service.requests.map(\.uri) == Array(repeating: "/pictures/base/a%20b.png", count: 4))
        }
    }

    @Test("a failure that stays is reported with its cause after the last attempt")
    func givesUp() async throws {
        let few: (inout S3Configuration) -> Void = { $0.retries.attemptsMax = 3 }
        try await ScriptedService.run([], few) { store, service in
            do throws(ObjectStoreError) {
                _ = try await store.head(ObjectKey("a"))
                Issue.record("was found")
            } catch .unavailable(let retryable, let cause) {
                #expect(retryable && (cause as? S3Failure)?.status == 500)
            } catch {
                Issue.record("\(error)")
            }
            #expect(service.requests.count == 3)
        }
    }

    @Test("a refusal is not repeated, and carries the service's own words")
    func refusal() async throws {
        try await ScriptedService.run([.status(403, body: Self.error("AccessDenied"))]) { store, service in
            do throws(ObjectStoreError) {
                _ = try await store.get(ObjectKey("a"))
                Issue.record("was found")
            } catch .accessDenied(let cause) {
                #expect("\(cause)" == "S3: status 403, AccessDenied, for <you>")
            } catch {
                Issue.record("\(error)")
            }
            #expect(service.requests.count == 1)
        }
    }

    @Test("bytes that end early are an error, not a shorter object")
    func endsEarly() async throws {
        try await ScriptedService.run([.cut(body: "pic", declared: 100)]) { store, _ in
            let stored = try await store.get(ObjectKey("a"))
            #expect(stored.metadata.size == 100)
            do throws(ObjectStoreError) {
                _ = try await stored.body.collect(upTo: 1000)
                Issue.record("was taken for whole")
            } catch .unavailable(true, _) {
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test("a put whose answer was lost is recognised as one's own")
    func ownPut() async throws {
        let token = "x-amz-meta-vitrine-put"
        let head = ScriptedService.Answer.reply { requests in
            .status(200, fields: [token: requests[0].headers.first(name: token) ?? ""])
        }
        let body = ObjectBody.bytes(ByteBuffer(string: "picture"))
        try await ScriptedService.run([.nothing, .status(412), head]) { store, service in
            let outcome = try await store.putIfAbsent(body, at: ObjectKey("a"))
            #expect(outcome == .created)
            #expect(service.requests.map(\.method) == [.PUT, .PUT, .HEAD])
            #expect(service.requests[1].headers.first(name: "if-none-match") == "*")
        }
        let other = ScriptedService.Answer.status(200, fields: [token: "somebody"])
        try await ScriptedService.run([.nothing, .status(412), other]) { store, _ in
            let outcome = try await store.putIfAbsent(body, at: ObjectKey("a"))
            #expect(outcome == .existed)
        }
        try await ScriptedService.run([.status(412)]) { store, service in
            let outcome = try await store.putIfAbsent(body, at: ObjectKey("a"))
            #expect(outcome == .existed)
            #expect(service.requests.count == 1)
        }
    }

    @Test("a request is signed with the hash of its body, also of a file's")
    func hashes() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = try folder.write(Array("hello".utf8), to: "file")
        let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        try await ScriptedService.run([.status(200), .status(200)]) { store, service in
            try await store.put(.file(path: path, size: 5), at: ObjectKey("a.png"))
            try await store.put(.bytes(ByteBuffer(string: "hello")), at: ObjectKey("b.bin"), mediaType: "a/b")
            for request in service.requests {
                #expect(request.headers.first(name: "x-amz-content-sha256") == hash)
                #expect(String(buffer: request.body) == "hello")
                #expect(!"\(request.headers)".contains("secret"))
            }
            #expect(service.requests.map { $0.headers.first(name: "content-type") } == ["image/png", "a/b"])
        }
    }

    @Test("a file that is not as long as was said is not sent")
    func sizeMismatch() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = try folder.write([1, 2, 3], to: "file")
        try await ScriptedService.run([]) { store, service in
            do throws(ObjectStoreError) {
                try await store.put(.file(path: path, size: 4), at: ObjectKey("a"))
                Issue.record("was sent")
            } catch .sizeMismatch(expected: 4, actual: 3) {
            } catch {
                Issue.record("\(error)")
            }
            #expect(service.requests.isEmpty)
        }
    }

    @Test("parts that cannot be sent or joined are thrown away")
    func abortsParts() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = try folder.write([1, 2, 3, 4, 5], to: "file")
        let small: (inout S3Configuration) -> Void = {
            $0.multipartThreshold = 2
            $0.partBytes = 3
            $0.partsAtOnce = 1
        }
        let begin = ScriptedService.Answer.status(
            200,
            body: "<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>"
        )
        let part = ScriptedService.Answer.status(200, fields: ["etag": "\"p\""])
        let refused = ScriptedService.Answer.status(403, body: Self.error("AccessDenied"))
        let broken = ScriptedService.Answer.status(200, body: Self.error("InternalError"))
        for answers in [[begin, part, refused, .status(204)], [begin, part, part, broken, .status(204)]] {
            try await ScriptedService.run(answers, small) { store, service in
                do throws(ObjectStoreError) {
                    try await store.put(.file(path: path, size: 5), at: ObjectKey("a"))
                    Issue.record("was stored")
                } catch .accessDenied {
                } catch .unavailable(true, _) {
                } catch {
                    Issue.record("\(error)")
                }
                let last = try #require(service.requests.last)
                #expect(last.method == .DELETE && last.uri == "/pictures/base/a?uploadId=u%261")
                #expect(service.requests.count == answers.count)
            }
        }
    }

    @Test("a listing skips what is nobody's object, and asks on until the page is full")
    func foreignKeys() async throws {
        func page(_ keys: [String], isTruncated: Bool) -> ScriptedService.Answer {
            let rows = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size><ETag>&quot;e&quot;</ETag></Contents>" }
            let end = "<IsTruncated>\(isTruncated)</IsTruncated><EncodingType>url</EncodingType>"
            return .status(200, body: "<ListBucketResult>\(rows.joined())\(end)</ListBucketResult>")
        }
        try await ScriptedService.run([
            page(["base/", "base/a/", "base/a%2Fb+c"], isTruncated: true), page(["base/d"], isTruncated: false),
        ]) { store, service in
            let listed = try await store.list(prefix: .all, after: nil, limit: 3)
            #expect(listed.objects.map(\.key.text) == ["a/b c", "d"])
            #expect(listed.next == nil)
            #expect(service.requests[0].uri.contains("prefix=base%2F"))
            #expect(service.requests[1].uri.contains("start-after=base%2Fa%2Fb%20c"))
        }
    }

    @Test(
        "an answer that is no listing is an error",
        arguments: [
            "", "no XML", "<ListBucketResult>", "<a/>", "<ListBucketResult></a>", "<!DOCTYPE a><ListBucketResult/>",
            "<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>",
            "<ListBucketResult><Contents><Key>&e;</Key></Contents></ListBucketResult>",
            "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents></ListBucketResult>",
            String(repeating: "<a>", count: 1000),
        ]
    )
    func badListing(text: String) async throws {
        try await ScriptedService.run([.status(200, body: text)]) { store, _ in
            do throws(ObjectStoreError) {
                _ = try await store.list(prefix: .all, after: nil, limit: 3)
                Issue.record("was taken for a listing")
            } catch .unavailable(false, _) {
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test("a key that is too long with the prefix is refused here")
    func longKey() async throws {
        try await ScriptedService.run([]) { store, service in
            do throws(ObjectStoreError) {
                _ = try await store.head(ObjectKey(String(repeating: "k", count: 1020)))
                Issue.record("was asked for")
            } catch .invalidKey {
            } catch {
                Issue.record("\(error)")
            }
            #expect(service.requests.isEmpty)
        }
    }
}
