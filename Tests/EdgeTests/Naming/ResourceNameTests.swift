import HTTPSemantics
import HTTPTypes
import Testing

@testable import Edge

@Suite("Names of resources")
struct ResourceNameTests {
    private static func url(_ authority: String?, _ path: String?) -> String {
        let request = HTTPRequest(method: .get, scheme: "http", authority: authority, path: path)
        return ResourceName.url(of: request, defaultAuthority: "Default:8080")
    }

    @Test("spellings of one URL that mean the same are one name")
    func normalises() {
        for authority in ["Example.COM", "example.com:80", "EXAMPLE.com:"] {
            #expect(Self.url(authority, "/A/b?C=d") == "http://example.com/A/b?C=d")
        }
        #expect(Self.url("a", "/x#part") == "http://a/x")
        #expect(Self.url("a", nil) == "http://a/" && Self.url("a", "") == "http://a/")
        #expect(Self.url(nil, "/x") == "http://default:8080/x")
        #expect(Self.url("[2001:DB8::1]:80", "/") == "http://[2001:db8::1]/")
    }

    @Test("what may mean something else keeps its own name")
    func differs() {
        let urls = [
            Self.url("a", "/x"), Self.url("a", "/x?"), Self.url("a", "/X"), Self.url("a:8080", "/x"),
            Self.url("b", "/x"), Self.url("a", "/x/"), Self.url("a", "//x"), Self.url("a", "/%78"),
            Self.url("a:8", "/x"), Self.url("a:180", "/x"),
        ]
        #expect(Set(urls).count == urls.count)
    }

    @Test("what a picture was negotiated over is not a variant any more; everything else still is")
    func rule() {
        var name = ResourceName(url: "http://a/x")
        let rule = VaryRule.fields([.accept])
        #expect(name.rule(rule) == rule)
        name.isPicture = true
        name.selecting = [.accept]
        #expect(name.rule(rule) == .none && name.rule(.none) == .none && name.rule(.any) == .any)
        let more = VaryRule.fields([.accept, .acceptLanguage])
        #expect(name.rule(more) == more)
    }
}
