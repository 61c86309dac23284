import DeliveryTypes
import Testing

@Suite("Sources")
struct SourceReferenceTests {
    static let hex = String(repeating: "3972b1ff", count: 8)

    @Test(
        "sources are read and written back",
        arguments: [
            "original://\(hex)", "local:///a.jpg", "local:///a b/ü.jpg", "s3://bucket/key", "s3://my.bucket-1/a//b?c",
            "http://h/", "https://h/a.jpg?x=1&y=[2]", "https://[2001:db8::1]:8443/a", "http://127.0.0.1:8080/",
            "local:///%2e%2e/a.jpg",
        ]
    )
    func roundTrip(_ text: String) throws {
        let source = try SourceReference(parsing: text)
        #expect(source.text == text)
        #expect(try SourceReference(parsing: source.text) == source)
    }

    @Test(
        "spellings of one source become one",
        arguments: [
            ("HTTP://Images.DEV", "http://images.dev/"),
            ("https://h:443/a", "https://h/a"),
            ("http://h:80?x", "http://h/?x"),
            ("http://h:443/", "http://h:443/"),
            ("https://h:/a", "https://h/a"),
            ("https://h/a#part", "https://h/a"),
            ("https://h#x/y", "https://h/"),
            ("https://h/a b/ü.jpg", "https://h/a%20b/%C3%BC.jpg"),
            ("https://h/100%/a%2Fb%2", "https://h/100%25/a%2Fb%252"),
            ("https://h/\"<>\\^`{|}", "https://h/%22%3C%3E%5C%5E%60%7B%7C%7D"),
            ("local:///a//b.jpg", "local:///a/b.jpg"),
            ("local:////a.jpg", "local:///a.jpg"),
            ("ORIGINAL://\(hex.uppercased())", "original://\(hex)"),
        ]
    )
    func spellings(_ written: String, _ normal: String) throws {
        #expect(try SourceReference(parsing: written).text == normal)
    }

    @Test(
        "sources that cannot or must not be fetched are refused",
        arguments: [
            "", "a.jpg", "/etc/passwd", "http:/h/a", "http:", "://h", "file:///etc/passwd", "ftp://h/a",
            "data:image/png,x",
            "gs://b/k", "javascript://x", "original://", "original://xyz", "original://\(hex)0", "original://\(hex)/x",
            "local://", "local:///", "local://host/a", "local:///..", "local:///../a", "local:///a/../../b",
            "local:///./a",
            "local:///a/..", "local:///a/", "local:///a\u{0}b", "s3://", "s3://bucket", "s3://bucket/", "s3:///key",
            "s3://../key", "s3://b/../key", "s3://b/./key", "s3://b ucket/key", "s3://büro/key",
            "http://", "http:///a", "http://user@h/a", "http://user:pass@h/a", "http://a\\@b/", "http://h:0/",
            "http://h:65536/",
            "http://h:x/", "http://h:80:80/", "http://h o/", "http://hö/", "http://%68/", "http://[::1/",
            "http://[::1]x/",
            "http://[g]/", "http://h/a\r\nHost: x", "https://h/\u{7F}",
            "http://h\u{301}/a", "http://h/\u{0}",
        ]
    )
    func refused(_ text: String) {
        let error = #expect(throws: TransformationError.self) { try SourceReference(parsing: text) }
        #expect(error?.option == "source")
    }

    @Test("a combining mark after a slash does not hide it")
    func combiningMarks() throws {
        #expect(try SourceReference(parsing: "http://h/\u{301}a").text == "http://h/%CC%81a")
        for text in ["local:///a/../\u{301}b", "http://h:\u{301}80/"] {
            #expect(throws: TransformationError.self) { try SourceReference(parsing: text) }
        }
    }

    @Test("two Unicode spellings of a name are two files")
    func unicodeSpellings() throws {
        let composed = try SourceReference(parsing: "local:///\u{E9}.jpg")
        let decomposed = try SourceReference(parsing: "local:///e\u{301}.jpg")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        let keys = [composed, decomposed].map { CacheKey(source: $0, transformation: Transformation()) }
        #expect(keys[0] != keys[1])
        #expect(keys[0].digest != keys[1].digest)
    }
}
