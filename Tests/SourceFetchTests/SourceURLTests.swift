import Originals
import Testing

@Suite("Source URL")
struct SourceURLTests {
    @Test(
        "is written in one canonical form",
        arguments: [
            ("http://example.com", "http://example.com/"),
            ("HTTP://EXAMPLE.com:80/A?b=C#frag", "http://example.com/A?b=C"),
            ("https://example.com.:443/", "https://example.com/"),
            ("https://example.com:/x", "https://example.com/x"),
            ("https://example.com:8443/x", "https://example.com:8443/x"),
            ("https://[2001:DB8:0::1]/x", "https://[2001:db8::1]/x"),
            ("https://[::1]:444/x", "https://[::1]:444/x"),
            ("http://example.com?a", "http://example.com/?a"),
            ("http://example.com/a b/\u{e9}.jpg", "http://example.com/a%20b/%C3%A9.jpg"),
            ("http://example.com/100%/%41%zz", "http://example.com/100%25/%41%25zz"),
            ("http://example.com/a/./b/../c", "http://example.com/a/c"),
            ("http://example.com/../../x", "http://example.com/x"),
            ("http://example.com/a/%2e%2E/b/%2e", "http://example.com/b/"),
            ("http://example.com/a/..%2fb", "http://example.com/a/..%2fb"),
            ("http://example.com/a\\..\\b", "http://example.com/b"),
            ("http://example.com\\@10.0.0.1/", "http://example.com/@10.0.0.1/"),
            ("http://example.com/a\r\nHost: x", "http://example.com/a%0D%0AHost:%20x"),
            ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
            ("http://a_b.example/", "http://a_b.example/"),
        ]
    )
    func canonical(text: String, written: String) throws {
        let url = try SourceURL(text)
        #expect(url.description == written)
        #expect(try SourceURL(written) == url)
    }

    @Test(
        "refuses what could be read in two ways",
        arguments: [
            "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "http:///x", "http://",
            "http://user@example.com/", "http://user:pw@example.com/", "http://example.com@10.0.0.1/",
            "http://example.com:0/", "http://example.com:65536/", "http://example.com:+80/", "http://example.com:8O/",
            "http://a:1:2/", "http://[::1/", "http://[::1]x/", "http://[::1%25lo]/", "http://[127.0.0.1]/",
            "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/",
            "http://127.0.0.1.5/", "http://1.2.3.0x/", "http://b\u{fc}cher.example/", "http://ex%61mple.com/",
            "http://exa mple.com/", "http://a..b/", "http://.a/", "http://\u{2460}27.0.0.1/", "http://a\u{0}b/",
        ]
    )
    func refused(text: String) {
        #expect(throws: SourceError.self) { try SourceURL(text) }
    }

    @Test(
        "follows a redirect as browsers do",
        arguments: [
            ("https://other.example/x", "https://other.example/x"), ("//other.example/x", "https://other.example/x"),
            ("/x?y", "https://example.com:8443/x?y"), ("x", "https://example.com:8443/a/b/x"),
            ("../x", "https://example.com:8443/a/x"), ("?q", "https://example.com:8443/a/b/c?q"),
            ("", "https://example.com:8443/a/b/c?d"), ("#f", "https://example.com:8443/a/b/c?d"),
            (" /x ", "https://example.com:8443/x"), ("HTTP://other.example", "http://other.example/"),
            ("a/b:c", "https://example.com:8443/a/b/a/b:c"),
        ]
    )
    func redirects(location: String, target: String) throws {
        let url = try SourceURL("https://example.com:8443/a/b/c?d")
        #expect(try url.following(location).description == target)
    }

    @Test(
        "follows no redirect out of the web",
        arguments: ["file:///etc/passwd", "ftp://a/", "javascript:alert(1)", "data:,x", "http:x", "//u@h/", "//[::1"]
    )
    func badRedirects(location: String) throws {
        let url = try SourceURL("https://example.com/")
        #expect(throws: SourceError.self) { try url.following(location) }
    }
}
