import DeliveryTypes
import FoundationEssentials
import Glibc
import NIOCore
import ObjectStorage
import Originals
import Testing
import VitrineTesting

@Suite("Fetching from a folder or a bucket", .timeLimit(.minutes(1)))
struct LocalFetchTests {
    private func link(_ path: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: destination)
    }

    @Test("a file below the folder arrives whole, also through a link to the folder itself")
    func file() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let long = String(repeating: "0123456789", count: 300_000)
        try folder.write(Array(long.utf8), to: "pictures/deep/a b.jpg")
        try link(folder.path(of: "link"), to: folder.path(of: "pictures"))
        for root in ["/pictures", "/link", "/pictures/"] {
            try await withFetcher(configured { $0.localRoot = folder.path + root }) { fetcher in
                let fetched = try await fetcher.fetch(.local("deep/a b.jpg"))
                #expect(try fetched.text() == long)
                #expect(fetched.facts.entityTag != nil)
            }
        }
    }

    @Test(
        "nothing leads out of the folder",
        arguments: [
            "../secret", "deep/../../secret", "link", "linked/secret", "deep/link", "/etc/passwd", "", ".", "deep/",
            "deep//a", "./a", "secret\u{0}.jpg",
        ]
    )
    func escapes(path: String) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let root = folder.path(of: "root")
        try folder.write([1], to: "secret")
        try folder.write([1], to: "root/deep/picture")
        try link(root + "/link", to: "../secret")
        try link(root + "/linked", to: "..")
        try link(root + "/deep/link", to: "../../secret")
        try await withFetcher(configured { $0.localRoot = root }) { fetcher in
            await #expect(throws: SourceError.self) { try await fetcher.fetch(.local(path)) }
        }
    }

    @Test("folders, pipes and missing files are not found, and files over the limit are refused")
    func noPictures() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try folder.write([1], to: "folder/file")
        try folder.write([1, 2, 3, 4, 5], to: "five")
        // SAFETY: the path lives through the call, which does not keep the pointer.
        #expect(unsafe mkfifo(folder.path(of: "pipe"), 0o600) == 0)
        try await withFetcher(
            configured {
                $0.localRoot = folder.path
                $0.limits.bytesMax = 4
            }
        ) { fetcher in
            for path in ["folder", "pipe", "missing", "five/below"] {
                await #expect(throws: SourceError.notFound) { try await fetcher.fetch(.local(path)) }
            }
            await #expect(throws: SourceError.tooLarge(limit: 4)) { try await fetcher.fetch(.local("five")) }
        }
    }

    @Test("local and bucket sources are refused unless configured, and narrowed by patterns")
    func needsConfiguration() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try folder.write([1], to: "a")
        let store = MemoryObjectStore()
        try await store.put(.bytes(ByteBuffer(string: "b")), at: ObjectKey("b.png"))
        try await withFetcher { fetcher in
            await #expect(throws: SourceError.notAllowed("local sources are not configured")) {
                try await fetcher.fetch(.local("a"))
            }
            await #expect(throws: SourceError.notAllowed("the bucket is not configured")) {
                try await fetcher.fetch(.object(bucket: "pictures", key: "b.png"))
            }
        }
        try await withFetcher(
            configured {
                $0.localRoot = folder.path
                $0.buckets = ["pictures": store]
                $0.allowed = SourceAllowList(["local:///open/", "s3://pictures/open/"])
            }
        ) { fetcher in
            let refused = SourceError.notAllowed("the source is not in the allow-list")
            await #expect(throws: refused) { try await fetcher.fetch(.local("a")) }
            await #expect(throws: refused) { try await fetcher.fetch(.object(bucket: "pictures", key: "b.png")) }
        }
    }

    @Test("an object of a configured bucket arrives whole, within the limit")
    func bucket() async throws {
        let store = MemoryObjectStore()
        try await store.put(.bytes(ByteBuffer(string: "12345")), at: ObjectKey("a/b.png"))
        try await withFetcher(configured { $0.buckets = ["pictures": store] }) { fetcher in
            let fetched = try await fetcher.fetch(.object(bucket: "pictures", key: "a/b.png"))
            #expect(try fetched.text() == "12345")
            #expect(fetched.facts.mediaType == "image/png")
            await #expect(throws: SourceError.notFound) {
                try await fetcher.fetch(.object(bucket: "pictures", key: "a/c.png"))
            }
            await #expect(throws: SourceError.malformed("a key has no . or .. segments")) {
                try await fetcher.fetch(.object(bucket: "pictures", key: "../c.png"))
            }
            await #expect(throws: SourceError.tooLarge(limit: 4)) {
                let small = FetchLimits(bytesMax: 4)
                return try await fetcher.fetch(.object(bucket: "pictures", key: "a/b.png"), limits: small)
            }
        }
    }

    @Test("an original is no source to be fetched")
    func original() async throws {
        try await withFetcher { fetcher in
            await #expect(throws: SourceError.malformed("an original is not fetched")) {
                try await fetcher.fetch(.original(ContentDigest(bytes: Array(repeating: 0, count: 32))))
            }
        }
    }
}
