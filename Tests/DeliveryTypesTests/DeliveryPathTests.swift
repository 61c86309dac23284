import DeliveryTypes
import Testing

@Suite("Delivery paths")
struct DeliveryPathTests {
    static let url = "http://images.dev/lorem/ipsum.jpg?param=value"
    static let encoded = Base64URL.encode(url.utf8)

    @Test("a Base64 source is read, with and without an extension")
    func base64() throws {
        let path = try DeliveryPath(parsing: "/sig/size:100:100/\(Self.encoded).png")
        #expect(path.signature == "sig")
        #expect(path.signedPart == "/size:100:100/\(Self.encoded).png")
        #expect(path.source == .remote(Self.url))
        #expect(path.transformation.format == .png)
        #expect(path.transformation.width == 100)
        #expect(try DeliveryPath(parsing: "/sig/\(Self.encoded)").transformation == Transformation())
        #expect(try DeliveryPath(parsing: "/sig/\(Self.encoded).").transformation.format == nil)
    }

    @Test("a Base64 source may be padded, and cut by slashes anywhere")
    func cutBase64() throws {
        for padding in ["", "=", "=="] {
            for step in [1, 7, 16] {
                var text = ""
                for (position, character) in (Self.encoded + padding).enumerated() {
                    if position > 0, position % step == 0 { text += "/" }
                    text.append(character)
                }
                #expect(try DeliveryPath(parsing: "/s/w:5/\(text).webp").source == .remote(Self.url))
            }
        }
        let half = Self.encoded.prefix(12) + "//" + Self.encoded.dropFirst(12)
        #expect(try DeliveryPath(parsing: "/s/\(half)").source == .remote(Self.url))
    }

    @Test("a plain source is read, with and without an extension")
    func plain() throws {
        let path = try DeliveryPath(parsing: "/s/rs:fill:300:200/plain/http://images.dev/lorem/ipsum.jpg@png")
        #expect(path.source == .remote("http://images.dev/lorem/ipsum.jpg"))
        #expect(path.transformation.format == .png)
        #expect(path.transformation.resizing == .fill)
        #expect(try DeliveryPath(parsing: "/s/plain/http://images.dev/a.jpg@").transformation.format == nil)
        #expect(try DeliveryPath(parsing: "s/plain/http://images.dev/a.jpg").signature == "s")
    }

    @Test("a plain source is percent-decoded once; its query, its @ and its slashes survive")
    func plainEscapes() throws {
        let query = try DeliveryPath(parsing: "/s/plain/http:%2F%2Fimages.dev%2Fa.jpg%3Fx=1%26y=%2525@webp")
        #expect(query.source == .remote("http://images.dev/a.jpg?x=1&y=%25"))
        #expect(query.transformation.format == .webp)
        let at = try DeliveryPath(parsing: "/s/plain/https://images.dev/icon%402x.png@avif")
        #expect(at.source == .remote("https://images.dev/icon@2x.png"))
        let slashes = try DeliveryPath(parsing: "/s/plain/https://images.dev//a//b.jpg")
        #expect(slashes.source == .remote("https://images.dev//a//b.jpg"))
    }

    @Test("of several @ the last one begins the extension")
    func lastAt() throws {
        let path = try DeliveryPath(parsing: "/s/plain/https://images.dev/a@b.png@jpg")
        #expect(path.source == .remote("https://images.dev/a@b.png"))
        #expect(path.transformation.format == .jpeg)
    }

    @Test("the extension wins over the format option, and counts for nothing with raw")
    func extensionAndFormat() throws {
        #expect(try DeliveryPath(parsing: "/s/f:png/plain/http://h/a@webp").transformation.format == .webp)
        #expect(try DeliveryPath(parsing: "/s/f:png/plain/http://h/a").transformation.format == .png)
        #expect(try DeliveryPath(parsing: "/s/raw:1/plain/http://h/a@mp4").transformation.format == nil)
    }

    @Test("a query after the path is no part of it")
    func query() throws {
        let path = try DeliveryPath(parsing: "/s/w:1/plain/http://h/a.jpg@png?utm=1")
        #expect(path.signedPart == "/w:1/plain/http://h/a.jpg@png")
        #expect(path.transformation.format == .png)
    }

    @Test(
        "slashes that a proxy merged are put back before the signature is checked",
        arguments: [
            ("/s/w:1/plain/https:/h/a.jpg", "/w:1/plain/https://h/a.jpg"),
            ("/s/plain/local:/a.jpg", "/plain/local:///a.jpg"),
            ("/s/plain/s3:/bucket/key", "/plain/s3://bucket/key"),
            ("/s/plain/https://h/a:/b.jpg", "/plain/https://h/a:/b.jpg"),
            ("/s/plain/h/a.jpg", "/plain/h/a.jpg"),
            ("/s/plain/https:/", "/plain/https:/"),
            ("/s/xplain/https:/h", "/xplain/https:/h"),
        ]
    )
    func mergedSlashes(_ received: String, _ signed: String) throws {
        #expect(try SignedPath(splitting: received).signedPart == signed)
    }

    @Test(
        "what is no delivery path is refused with the part that is wrong",
        arguments: [
            ("", "path"), ("/", "path"), ("/s", "path"), ("/s/", "path"), ("//plain/http://h/a", "path"),
            ("/s/w:1 /plain/http://h/a", "path"), ("/s/plain/http://h/a\nb", "path"),
            ("/s/plain", "source"), ("/s/plain/", "source"), ("/s/plain/@png", "source"), ("/s/w:1", "source"),
            ("/s/w:1/.png", "source"), ("/s/enc/abcd", "source"), ("/s/plain/http://h/%zz", "source"),
            ("/s/plain/http://h/%ff", "source"), ("/s/plain/ftp://h/a", "source"), ("/s/plain/a.jpg", "source"),
            ("/s/plain/http://h/a@tga", "extension"),
            ("/s/plain/http://h/a@heic", "extension"), ("/s/plain/http://user@h/a.jpg", "extension"),
            ("/s/\(encoded).png.jpg", "extension"), ("/s/\(encoded).png/x.jpg", "extension"),
            ("/s/not!base64", "source"), ("/s/A", "source"), ("/s/_w", "source"),
            ("/s/w100/plain/http://h/a", "w100"), ("/s/rs%3Afill%3A1/plain/http://h/a", "rs%3Afill%3A1"),
            ("/s/w:1//h:2/plain/http://h/a", "h:2"),
            ("/s/fill/300/200/ce/0/\(encoded).jpg", "fill"),
            ("/s/w:x/plain/http://h/a", "w"),
        ]
    )
    func refused(_ path: String, _ part: String) {
        let error = #expect(throws: TransformationError.self) { try DeliveryPath(parsing: path) }
        #expect(error?.option == part, "\(error?.description ?? "")")
    }

    @Test("an information path reads its own options and shares the rest")
    func information() throws {
        let path = try DeliveryPath(
            parsing: "/s/bh:4:3/th:1/dc:1/size:1/exp:99/cb:x/pg:2/msfs:1000/plain/http://h/a@json",
            purpose: .information
        )
        var wanted = InformationRequest()
        wanted.blurHash = PixelSize(width: 4, height: 3)
        wanted.thumbHash = true
        wanted.dominantColor = true
        #expect(path.information == wanted)
        #expect(path.isInformation)
        #expect(wanted.canonicalOptions == "bh:4:3/th:1/dc:1")
        #expect(path.transformation == (try Transformation(parsing: "exp:99/cb:x/pg:2/msfs:1000")))
        #expect(
            try DeliveryPath(parsing: "/s/bh:0:0/plain/http://h/a", purpose: .information).information?.blurHash == nil
        )
        for bad in ["bh:10:1", "bh:0:3", "bh:4", "rs:fit:1:1", "w:1", "th:x"] {
            let error = #expect(throws: TransformationError.self) {
                try DeliveryPath(parsing: "/s/\(bad)/plain/http://h/a", purpose: .information)
            }
            #expect(error?.option == String(bad.prefix { $0 != ":" }))
        }
        #expect(throws: TransformationError.self) { try DeliveryPath(parsing: "/s/bh:4:3/plain/http://h/a") }
    }

    @Test("a combining mark after a slash belongs to what follows")
    func combiningMarks() throws {
        #expect(try SignedPath(splitting: "/\u{301}s/w:1/x").signature == "\u{301}s")
        let error = #expect(throws: TransformationError.self) {
            try DeliveryPath(parsing: "/s/\u{301}w:1/plain/http://h/a")
        }
        #expect(error?.option == "\u{301}w")
    }

    @Test("a path that is written reads back", arguments: [DeliveryPath.SourceForm.plain, .base64])
    func writing(_ form: DeliveryPath.SourceForm) throws {
        let sources: [SourceReference] = [
            .remote(Self.url), .remote("https://h/a@b.png?q=%C3%A9&r=100%25"), .local("photos/sea side/ä@2x.jpg"),
            .object(bucket: "b", key: "x//y?z#@.png"), .original(ContentDigest(bytes: Array(0..<32))),
        ]
        for source in sources {
            for (options, format) in [("", nil), ("rs:fill:300:200/q:80", ImageFormat.jpeg)] {
                let part = DeliveryPath.signedPart(options: options, source: source, format: format, form: form)
                let path = try DeliveryPath(parsing: "/s" + part)
                #expect(path.source == source)
                #expect(path.signedPart == part)
                #expect(path.transformation.format == format)
            }
        }
    }
}
