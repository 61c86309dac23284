import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Invalidation (RFC 9111 section 4.4)")
struct InvalidationTests {
    private func targets(
        _ method: HTTPRequest.Method,
        _ lines: [(String, String)] = [],
        code: Int = 200,
        path: String = "/x/y?q=1"
    ) -> [String] {
        Invalidation.targets(of: Sample.request(method, path: path), response: Sample.response(code, lines))
    }

    @Test("a successful unsafe request invalidates its target, unknown methods too")
    func ownTarget() {
        for method in [HTTPRequest.Method.post, .put, .delete, .patch, HTTPRequest.Method("M-SEARCH") ?? .put] {
            #expect(targets(method) == ["/x/y?q=1"])
            #expect(targets(method, code: 303) == ["/x/y?q=1"])
        }
        for method in [HTTPRequest.Method.get, .head, .options, .trace] { #expect(targets(method).isEmpty) }
    }

    @Test("an error invalidates nothing", arguments: [400, 404, 500, 503])
    func errors(code: Int) {
        #expect(targets(.post, [("Location", "/a")], code: code).isEmpty)
    }

    @Test("Location and Content-Location of the same origin are invalidated, no others")
    func locations() {
        #expect(targets(.post, [("Location", "z"), ("Content-Location", "/w?v")]) == ["/x/y?q=1", "/x/z", "/w?v"])
        #expect(targets(.put, [("Location", "http://SHOP.test:80/a")]) == ["/x/y?q=1", "/a"])
        #expect(targets(.put, [("Location", "//shop.test")]) == ["/x/y?q=1", "/"])
        let foreign = ["http://other.test/a", "https://shop.test/a", "//shop.test:81/a", "mailto:a@b", "http:a"]
        for text in foreign { #expect(targets(.put, [("Location", text)]) == ["/x/y?q=1"], "\(text)") }
        #expect(targets(.put, [("Location", "y?q=1")]) == ["/x/y?q=1"], "no duplicates")
    }

    @Test(
        "references are resolved as RFC 3986 section 5.4 shows",
        arguments: [
            ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
            ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), (";x", "/b/c/;x"), ("", "/b/c/d;p?q"),
            (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"), ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"),
            ("../../g", "/g"), ("../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."),
            ("..g", "/b/c/..g"), ("./../g", "/b/g"), ("./g/.", "/b/c/g/"), ("g/./h", "/b/c/g/h"),
            ("g/../h", "/b/c/h"), ("g;x=1/../y", "/b/c/y"), ("g?y/../x", "/b/c/g?y/../x"),
        ]
    )
    func resolution(text: String, expected: String) {
        let target = URIReference(text).resolved(scheme: "http", authority: "a", path: "/b/c/d;p?q")
        #expect(target == expected)
    }
}
