import Originals
import Testing

@Suite("Source allow-list")
struct SourceAllowListTests {
    @Test(
        "matches prefixes with stars that stop at a slash",
        arguments: [
            ("https://example.com/", "https://example.com/a", true),
            ("https://example.com", "https://example.com/a", true),
            ("https://example.com", "https://example.com.evil.test/a", false),
            ("https://example.com", "https://example.com:8443/a", false),
            ("https://example.com:*/", "https://example.com:8443/a", true),
            ("HTTPS://Example.COM/A", "https://example.com/A/b", true),
            ("https://example.com/A", "https://example.com/a/b", false),
            ("https://*.example.com/", "https://cdn.example.com/a", true),
            ("https://*.example.com/", "https://example.com/a", false),
            ("https://*.example.com/", "https://evil.test/.example.com/", false),
            ("https://*.example.com/", "https://evil.test?.example.com/", false),
            ("https://example.com/*/public/", "https://example.com/team/public/a", true),
            ("https://example.com/*/public/", "https://example.com/a/b/public/c", false),
            ("https://example.com/public/", "https://example.com/public/../private/a", false),
            ("https://example.com/public/", "https://example.com/public/%2e%2e/private/a", false),
            ("https://", "https://anything.example/", true),
            ("https://", "http://anything.example/", false),
            ("http*://example.com/", "https://example.com/", true),
            ("*", "http://anything.example/", true),
            ("https://*", "https://anything.example/a/b", true),
        ]
    )
    func patterns(pattern: String, url: String, isAllowed: Bool) throws {
        #expect(SourceAllowList([pattern]).allows(try SourceURL(url)) == isAllowed)
    }

    @Test("allows nothing remote without a pattern, and local and stored sources without one")
    func defaults() throws {
        let list = SourceAllowList.nothing
        #expect(!list.allows(try SourceURL("https://example.com/")))
        #expect(list.allowsLocal("a/b.jpg"))
        #expect(list.allowsObject(bucket: "pictures", key: "a/b.jpg"))
    }

    @Test("patterns narrow their own scheme only")
    func schemes() {
        let list = SourceAllowList(["local:///open/", "s3://pictures/a*/"])
        #expect(list.allowsLocal("open/b.jpg"))
        #expect(!list.allowsLocal("closed/b.jpg"))
        #expect(list.allowsObject(bucket: "pictures", key: "abc/b.jpg"))
        #expect(!list.allowsObject(bucket: "pictures", key: "b/b.jpg"))
        #expect(!list.allowsObject(bucket: "pictures-2", key: "abc/b.jpg"))
    }
}
