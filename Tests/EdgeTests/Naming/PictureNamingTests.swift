import DeliveryTypes
import HTTPTypes
import Testing

@testable import Edge

@Suite("Names of pictures")
struct PictureNamingTests {
    private static let digest = String(repeating: "0123456789abcdef", count: 4)
    private static let naming: PictureNaming = {
        let presets: Presets
        do throws(PresetsError) { presets = try Presets([String]()) } catch { preconditionFailure("\(error)") }
        return PictureNaming(
            negotiation: Negotiation(),
            defaults: RenderDefaults(),
            presets: presets,
            watermark: nil
        ) { signature, _, _ in signature == "unsafe" }
    }()

    private static func named(
        _ path: String,
        accept: String? = nil,
        now: Int64 = 0
    ) -> PictureNaming.Named? {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "a", path: path)
        request.headerFields[.accept] = accept
        return naming.named(request, url: "http://a" + path, nowMilliseconds: now)
    }

    private static func text(_ options: String, accept: String? = nil) throws -> String {
        try #require(named("/img/unsafe/\(options)/plain/original://\(digest)", accept: accept)).name.text
    }

    @Test("two spellings of one rendition have one name")
    func canonical() throws {
        let one = try Self.text("w:100/h:50/q:70")
        #expect(try Self.text("q:70/h:50/w:100") == one)
        #expect(try Self.text("width:100/height:50/quality:70") == one)
        #expect(try Self.text("w:101/h:50/q:70") != one)
    }

    @Test("Accept counts by what it allows, not by how it is written")
    func accept() throws {
        let one = try Self.text("w:100", accept: "image/avif,image/webp,*/*;q=0.8")
        #expect(try Self.text("w:100", accept: "image/avif , image/webp, image/png") == one)
        #expect(try Self.text("w:100", accept: "image/webp") != one)
        #expect(try Self.text("w:100", accept: "image/png") == Self.text("w:100"))
        let fixed = try Self.text("w:100/f:png", accept: "image/avif")
        #expect(try Self.text("w:100/f:png", accept: "image/webp") == fixed)
        let name = try #require(Self.named("/img/unsafe/w:100/plain/original://\(Self.digest)")).name
        #expect(name.selecting.contains(.accept) && name.isPicture)
    }

    @Test("a wrong signature, another path and nonsense have no name here")
    func refused() {
        let paths = [
            "/img/wrong/w:100/plain/original://\(Self.digest)", "/other/unsafe/w:100/plain/original://\(Self.digest)",
            "/img/", "/img",
            "/img/unsafe", "/img/unsafe/nonsense:1/plain/original://\(Self.digest)", "/img/unsafe/w:100/plain/", "*",
            "",
        ]
        for path in paths { #expect(Self.named(path) == nil, "\(path)") }
    }

    @Test("a URL's own end is the end of its name")
    func expires() throws {
        let path = "/img/unsafe/w:100/exp:1000/plain/original://\(Self.digest)"
        let name = try #require(Self.named(path, now: 1_000_999)).name
        #expect(name.validUntilMilliseconds == 1_001_000)
        #expect(Self.named(path, now: 1_001_000) == nil)
        #expect(Self.named("/img/unsafe/w:100/exp:253402300799/plain/original://\(Self.digest)") != nil)
    }

    @Test("what changes an answer's fields keeps answers apart")
    func presentation() throws {
        let texts = try [
            "w:100", "w:100/att:1", "w:100/fn:a", "w:100/fn:b", "w:100/exp:2000000000", "w:100/exp:2000000001",
        ].map { try Self.text($0) }
        #expect(Set(texts).count == texts.count)
    }

    @Test("a picture carries its original as a tag, and so its purge")
    func tags() throws {
        let name = try #require(Self.named("/img/unsafe/w:100/plain/original://\(Self.digest)")).name
        #expect(name.tags == ["original:\(Self.digest)"])
        #expect(name.url == "http://a/img/unsafe/w:100/plain/original://\(Self.digest)")
        let other = try #require(Self.named("/img/unsafe/w:100/plain/http://example.com/a.jpg")).name
        #expect(other.tags == ["source:http://example.com/a.jpg"])
    }
}
