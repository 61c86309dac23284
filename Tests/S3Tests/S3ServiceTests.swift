import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@Suite(
    "A bucket of a real S3 service",
    .enabled(if: S3Service.isThere, Comment(rawValue: S3Service.hint)),
    .timeLimit(.minutes(5))
)
struct S3ServiceTests {
    @Test("keeps the promises of a store", arguments: ObjectStoreConformance.behaviours)
    func conformance(_ behaviour: ObjectStoreConformance) async throws {
        try await S3Service.withStore { try await behaviour.check($0) }
    }

    @Test("keys with all sorts of characters come back from a listing as they were put")
    func characters() async throws {
        let names = ["a+b", "a b", "a%20b", "ü/é.jpg", "\"<&>'", "a=b&c?d#e", "~tilde", "日本語/写真.png", "(*)!$,;:@"]
        try await S3Service.withStore { store in
            for name in names {
                try await store.put(.bytes(ByteBuffer(string: name)), at: ObjectKey(name))
            }
            let page = try await store.list(prefix: .all, after: nil, limit: 1000)
            #expect(page.objects.map(\.key) == (try names.map { try ObjectKey($0) }.sorted()))
            for name in names {
                let stored = try await store.get(ObjectKey(name))
                let text = String(buffer: try await stored.body.collect(upTo: 1000))
                #expect(text == name)
            }
        }
    }

    @Test("a file over the threshold goes up in parts and comes back the same")
    func multipart() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var random = SeededGenerator(seed: 3)
        let bytes = random.bytes((12 << 20) + 17)
        let path = try folder.write(bytes, to: "large")
        let parts: (inout S3Configuration) -> Void = {
            $0.multipartThreshold = 6 << 20
            $0.partBytes = 5 << 20
        }
        try await S3Service.withStore(parts) { store in
            let key = try ObjectKey("large.tiff")
            let body = ObjectBody.file(path: path, size: bytes.count)
            try await store.put(body, at: key)
            let stored = try await store.get(key)
            #expect(stored.metadata.mediaType == "image/tiff")
            let whole = try await stored.body.collect(upTo: bytes.count)
            #expect(whole == ByteBuffer(bytes: bytes))
            let edge = (5 << 20) - 3..<(5 << 20) + 4
            let piece = try await store.get(key, range: edge).body.collect(upTo: 100)
            #expect(piece == ByteBuffer(bytes: bytes[edge]))
            let again = try await store.putIfAbsent(body, at: key)
            #expect(again == .existed)
            let other = try await store.putIfAbsent(body, at: ObjectKey("other.tiff"))
            #expect(other == .created)
        }
    }

    @Test("a wrong secret is denied, a missing bucket is unavailable, and both without repetition")
    func denied() async throws {
        let wrongSecret: (inout S3Configuration) -> Void = {
            $0.credentials = S3Credentials(accessKey: $0.credentials.accessKey, secretKey: "wrong")
        }
        try await S3Service.withStore(wrongSecret) { store in
            do throws(ObjectStoreError) {
                _ = try await store.head(ObjectKey("a"))
                Issue.record("was let in")
            } catch .accessDenied {
            } catch {
                Issue.record("\(error)")
            }
        }
        let wrongBucket: (inout S3Configuration) -> Void = { $0.bucket = "vitrine-not-there" }
        try await S3Service.withStore(wrongBucket) { store in
            do throws(ObjectStoreError) {
                _ = try await store.list(prefix: .all, after: nil, limit: 1)
                Issue.record("was found")
            } catch .unavailable(false, let cause) {
                #expect((cause as? S3Failure)?.code == "NoSuchBucket")
            } catch {
                Issue.record("\(error)")
            }
        }
    }
}
