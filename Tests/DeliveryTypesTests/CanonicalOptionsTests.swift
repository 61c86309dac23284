import DeliveryTypes
import Testing

@Suite("Canonical options and cache keys")
struct CanonicalOptionsTests {
    @Test(
        "thousands of random transformations read back from their canonical text",
        arguments: [1, 2, 3, 4] as [UInt64]
    )
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for step in 0..<2_500 {
            let transformation = generator.transformation()
            let text = transformation.canonicalOptions
            let parsed = try Transformation(parsing: text)
            #expect(parsed == transformation, "seed \(seed), step \(step): \(text)")
            #expect(parsed.canonicalOptions == text, "seed \(seed), step \(step)")
            #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }

    @Test("options that do not depend on one another give one text in any order", arguments: [5, 6] as [UInt64])
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for step in 0..<500 {
            var transformation = generator.transformation()
            // The order of layers is what the URL says with it.
            transformation.layers = []
            let text = transformation.canonicalOptions
            let shuffled = text.split(separator: "/").shuffled(using: &generator)
            let parsed = try Transformation(parsing: shuffled)
            #expect(parsed.canonicalOptions == text, "seed \(seed), step \(step)")
        }
    }

    @Test(
        "every option's long and short names mean the same",
        arguments: [
            ("resize:fill:300:200:1:1:no:5:6", "rs:fill:300:200:1:1:no:5:6"), ("size:1:2", "s:1:2"),
            ("resizing_type:auto", "rt:auto"), ("width:5", "w:5"), ("height:5", "h:5"), ("min-width:5", "mw:5"),
            ("min-height:5", "mh:5"), ("zoom:2", "z:2:2"), ("enlarge:1", "el:true"), ("extend:1", "ex:t:ce:0:0"),
            ("extend_aspect_ratio:1", "exar:1"), ("extend_ar:1", "exar:1"), ("gravity:fp:0:1", "g:fp:0.0:1.0"),
            ("crop:5:6", "c:5:6"), ("trim:5", "t:5.0"), ("padding:5", "pd:5:5:5:5"), ("auto_rotate:0", "ar:f"),
            ("rotate:90", "rot:-270"), ("flip:1", "fl:1:0"), ("background:255:136:0", "bg:f80"),
            ("background_alpha:0.5", "bga:.5"), ("blur:1", "bl:1e0"), ("sharpen:1", "sh:1.0"), ("pixelate:5", "pix:5"),
            ("watermark:1", "wm:1:ce:0:0:0"), ("wm:1/watermark_url:aHR0cDovL2g", "wmu:aHR0cDovL2gv/wm:1"),
            ("text:YQ", "txt:YQ:24:000:ce:0:0:1::0:0"), ("layer:aHR0cDovL2g", "ly:aHR0cDovL2gv:1:ce:0:0:0:0"),
            ("strip_metadata:1", "sm:1"), ("keep_copyright:1", "kcr:1"), ("strip_color_profile:1", "scp:1"),
            ("enforce_thumbnail:1", "eth:1"), ("quality:5", "q:5"), ("format_quality:jpg:5:webp:6", "fq:webp:6:jpeg:5"),
            ("autoquality:dssim", "aq::0.02:10:90:0.001"), ("max_bytes:5", "mb:5"), ("format:jpg", "f:jpeg"),
            ("ext:jpg", "f:jpeg"), ("page:5", "pg:5"), ("pages:5", "pgs:5"), ("disable_animation:1", "da:1"),
            ("skip_processing:png:gif", "skp:gif:png:gif"), ("cachebuster:5", "cb:5"), ("expires:5", "exp:5"),
            ("filename:a", "fn:YQ:1"), ("return_attachment:1", "att:1"), ("max_src_resolution:5", "msr:5"),
            ("max_src_file_size:5", "msfs:5"), ("max_animation_frames:5", "maf:5"),
            ("max_animation_frame_resolution:5", "mafr:5"), ("max_result_dimension:5", "mrd:5"), ("raw:1", "raw:t"),
            ("dpr:2", "dpr:2.0"), ("w:0/h:0/el:0/q:0/dpr:1/z:1/rt:fit/g:ce/ar:1/bga:1", ""),
        ]
    )
    func aliases(_ long: String, _ short: String) throws {
        let first = try Transformation(parsing: long)
        let second = try Transformation(parsing: short)
        #expect(first == second)
        #expect(first.canonicalOptions == second.canonicalOptions)
    }

    @Test("the canonical text is short and readable")
    func golden() throws {
        let options = "resize:fill:300:200:0:1/gravity:sm/quality:80/format:jpg/padding:1:2/cachebuster:x/expires:9"
        let text = try Transformation(parsing: options).canonicalOptions
        #expect(text == "rt:fill/w:300/h:200/ex:1/g:sm/pd:1:2:1:2/q:80/f:jpeg/cb:x/exp:9")
        #expect(Transformation().canonicalOptions == "")
    }

    @Test("expiry, file name and att are no part of a rendition's key; the cache buster is")
    func renditionKey() throws {
        let source = SourceReference.local("a.jpg")
        let plain = CacheKey(source: source, transformation: try Transformation(parsing: "w:5"))
        let sent = CacheKey(source: source, transformation: try Transformation(parsing: "exp:9/fn:x/att:1/w:5"))
        let other = CacheKey(source: source, transformation: try Transformation(parsing: "w:5/cb:1"))
        #expect(plain == sent)
        #expect(plain.digest == sent.digest)
        #expect(plain != other)
        #expect(plain.text == "local:///a.jpg any w:5")
    }

    @Test("the negotiated formats count only where the URL names none")
    func negotiatedKey() throws {
        let source = SourceReference.object(bucket: "b", key: "a 1%.png")
        let open = try Transformation(parsing: "w:5")
        let modern = CacheKey(source: source, transformation: open, negotiated: [.avif, .webp])
        #expect(modern.text == "s3://b/a%201%25.png avif+webp w:5")
        #expect(modern != CacheKey(source: source, transformation: open, negotiated: [.webp]))
        #expect(modern != CacheKey(source: source, transformation: open))
        for options in ["f:png", "raw:1"] {
            let fixed = try Transformation(parsing: options)
            let first = CacheKey(source: source, transformation: fixed, negotiated: [.avif])
            #expect(first == CacheKey(source: source, transformation: fixed))
            #expect(first.text == "s3://b/a%201%25.png - \(fixed.renditionKeyText)")
        }
    }

    @Test("random different requests have different keys")
    func distinctKeys() {
        var generator = SeededGenerator(seed: 7)
        var texts: [String: CacheKey] = [:]
        for _ in 0..<2_000 {
            var transformation = generator.transformation()
            (transformation.expires, transformation.filename, transformation.returnAttachment) = (nil, nil, false)
            let source = generator.source()
            let key = CacheKey(source: source, transformation: transformation)
            texts[source.text + "\u{0}" + transformation.canonicalOptions] = key
        }
        #expect(Set(texts.values).count == texts.count)
        #expect(Set(texts.values.map(\.digest)).count == texts.count)
    }
}
