import DeliveryTypes
import Testing

@Suite("Options of look, layers, encoding and delivery")
struct LookAndDeliveryOptionsTests {
    static let hash = String(repeating: "ab12", count: 16)
    static let original = SourceReference.original(ContentDigest(bytes: (0..<32).map { $0 % 2 == 0 ? 0xAB : 0x12 }))
    static let logo = Base64URL.encode("original://\(hash)".utf8)
    static let word = Base64URL.encode("Für 9 €".utf8)

    static let look: [ParsingCase] = [
        ParsingCase("background:128:129:130") { $0.background = Color(red: 128, green: 129, blue: 130) },
        ParsingCase("bg:ffddee") { $0.background = Color(red: 0xFF, green: 0xDD, blue: 0xEE) },
        ParsingCase("bg:F80") { $0.background = Color(red: 0xFF, green: 0x88, blue: 0) },
        ParsingCase("bg:fff/bg:"),
        ParsingCase("background_alpha:0.5") { $0.backgroundAlpha = 0.5 },
        ParsingCase("bga:0") { $0.backgroundAlpha = 0 },
        ParsingCase("blur:0.2") { $0.blur = 0.2 },
        ParsingCase("bl:3/bl:0"),
        ParsingCase("sharpen:0.7") { $0.sharpen = 0.7 },
        ParsingCase("sh:1") { $0.sharpen = 1 },
        ParsingCase("pixelate:8") { $0.pixelate = 8 },
        ParsingCase("pix:0"),
    ]

    static let layers: [ParsingCase] = [
        ParsingCase("watermark:0.5:soea:10:20:0.6") {
            $0.watermark = Watermark(opacity: 0.5, position: .anchored(Gravity(.southEast, x: 10, y: 20)), scale: 0.6)
        },
        ParsingCase("wm:1") { $0.watermark = Watermark(opacity: 1) },
        ParsingCase("wm:1::5") { $0.watermark = Watermark(opacity: 1, position: .anchored(Gravity(x: 5))) },
        ParsingCase("wm:1:re:20:0.1") { $0.watermark = Watermark(opacity: 1, position: .replicated(x: 20, y: 0.1)) },
        ParsingCase("wm:0.3:ch:5:6:0.2") {
            $0.watermark = Watermark(opacity: 0.3, position: .chessboard(x: 5, y: 6), scale: 0.2)
        },
        ParsingCase("wm:0.5:no:1:2/wm:1") {
            $0.watermark = Watermark(opacity: 1, position: .anchored(Gravity(.north, x: 1, y: 2)))
        },
        ParsingCase("wm:1/wm:0"),
        ParsingCase("wmu:\(logo)/wm:1") { $0.watermark = Watermark(opacity: 1, source: original) },
        ParsingCase("wm:1/watermark_url:\(logo)") { $0.watermark = Watermark(opacity: 1, source: original) },
        ParsingCase("wm:1/wmu:\(logo)/wmu:") { $0.watermark = Watermark(opacity: 1) },
        ParsingCase("wmu:\(logo)"),
        ParsingCase("text:\(word)") { $0.layers = [Layer(content: .text(.init(string: "Für 9 €")))] },
        ParsingCase("txt:\(word):32:c00:sowe:10:-20:0.8:DejaVu%20Sans%20Bold:300:15") {
            let text = Layer.Text(
                string: "Für 9 €",
                size: 32,
                color: Color(red: 0xCC, green: 0, blue: 0),
                font: "DejaVu Sans Bold",
                wrapWidth: 300
            )
            $0.layers = [
                Layer(content: .text(text), gravity: Gravity(.southWest, x: 10, y: -20), opacity: 0.8, rotation: 15)
            ]
        },
        ParsingCase("txt:\(word):::::7") {
            $0.layers = [Layer(content: .text(.init(string: "Für 9 €")), gravity: Gravity(y: 7))]
        },
        ParsingCase("layer:\(logo)") { $0.layers = [Layer(content: .picture(original))] },
        ParsingCase("ly:\(logo):0.5:noea:1:2:0.25:-90") {
            $0.layers = [
                Layer(
                    content: .picture(original),
                    gravity: Gravity(.northEast, x: 1, y: 2),
                    opacity: 0.5,
                    scale: 0.25,
                    rotation: 270
                )
            ]
        },
        ParsingCase("ly:\(logo)/txt:\(word)/ly:\(logo)::fp:0.1:0.2") {
            $0.layers = [
                Layer(content: .picture(original)), Layer(content: .text(.init(string: "Für 9 €"))),
                Layer(content: .picture(original), gravity: Gravity(.focusPoint, x: 0.1, y: 0.2)),
            ]
        },
    ]

    static let encoding: [ParsingCase] = [
        ParsingCase("strip_metadata:true") { $0.stripMetadata = true },
        ParsingCase("sm:0") { $0.stripMetadata = false },
        ParsingCase("keep_copyright:1/kcr:0") { $0.keepCopyright = false },
        ParsingCase("strip_color_profile:1") { $0.stripColorProfile = true },
        ParsingCase("scp:f") { $0.stripColorProfile = false },
        ParsingCase("enforce_thumbnail:1") { $0.enforceThumbnail = true },
        ParsingCase("eth:1/eth:0"),
        ParsingCase("quality:55") { $0.quality = 55 },
        ParsingCase("q:80/q:0"),
        ParsingCase("format_quality:jpeg:70:avif:50") { $0.formatQuality = [.jpeg: 70, .avif: 50] },
        ParsingCase("fq:webp:60/fq:avif:40/fq:webp:0") { $0.formatQuality = [.avif: 40] },
        ParsingCase("autoquality:dssim:0.01:30:90:0.002") {
            $0.autoQuality = .init(
                method: .dssim,
                target: 0.01,
                minimumQuality: 30,
                maximumQuality: 90,
                allowedError: 0.002
            )
        },
        ParsingCase("aq:dssim") { $0.autoQuality = .init(method: .dssim, target: 0.02) },
        ParsingCase("aq:size:10240") { $0.autoQuality = .init(method: .size, target: 10_240) },
        ParsingCase("aq::0.05::70") {
            $0.autoQuality = .init(method: .dssim, target: 0.05, maximumQuality: 70)
        },
        ParsingCase("aq:dssim/aq:none"),
        ParsingCase("max_bytes:20000") { $0.maximumBytes = 20_000 },
        ParsingCase("mb:1") { $0.maximumBytes = 1 },
        ParsingCase("format:webp") { $0.format = .webp },
        ParsingCase("f:jpg") { $0.format = .jpeg },
        ParsingCase("ext:AVIF") { $0.format = .avif },
        ParsingCase("skp:svg/f:svg") { ($0.skipProcessing, $0.format) = ([.svg], .svg) },
        ParsingCase("raw:1/f:tiff") { ($0.raw, $0.format) = (true, .tiff) },
        ParsingCase("page:2/pages:3") { ($0.page, $0.pageCount) = (2, 3) },
        ParsingCase("pg:1/pgs:4") { ($0.page, $0.pageCount) = (1, 4) },
        ParsingCase("disable_animation:1") { $0.disableAnimation = true },
        ParsingCase("da:t") { $0.disableAnimation = true },
    ]

    static let delivery: [ParsingCase] = [
        ParsingCase("skip_processing:jpg:png") { $0.skipProcessing = [.jpeg, .png] },
        ParsingCase("skp:gif/skp:heif") { $0.skipProcessing = [.gif, .heic] },
        ParsingCase("raw:true") { $0.raw = true },
        ParsingCase("cachebuster:123") { $0.cacheBuster = "123" },
        ParsingCase("cb:a%20b") { $0.cacheBuster = "a%20b" },
        ParsingCase("cb:1/cb:"),
        ParsingCase("expires:32503669200") { $0.expires = 32_503_669_200 },
        ParsingCase("exp:1/exp:0"),
        ParsingCase("exp:5/exp:"),
        ParsingCase("filename:report") { $0.filename = "report" },
        ParsingCase("fn:my%20caf%C3%A9") { $0.filename = "my café" },
        ParsingCase("fn:bXkgY2Fmw6k:1") { $0.filename = "my café" },
        ParsingCase("fn:bXkgY2Fmw6k=:t") { $0.filename = "my café" },
        ParsingCase("fn:plain:0") { $0.filename = "plain" },
        ParsingCase("fn:x/fn:"),
        ParsingCase("return_attachment:1") { $0.returnAttachment = true },
        ParsingCase("att:1/att:0"),
        ParsingCase("max_src_resolution:16.8") { $0.maximumSourceResolution = 16.8 },
        ParsingCase("msr:2/msr:"),
        ParsingCase("max_src_file_size:1000/msfs:2000") { $0.maximumSourceBytes = 2_000 },
        ParsingCase("msfs:5/msfs:0"),
        ParsingCase("max_animation_frames:10") { $0.maximumAnimationFrames = 10 },
        ParsingCase("maf:3") { $0.maximumAnimationFrames = 3 },
        ParsingCase("max_animation_frame_resolution:1.5") { $0.maximumAnimationFrameResolution = 1.5 },
        ParsingCase("mafr:0.5") { $0.maximumAnimationFrameResolution = 0.5 },
        ParsingCase("max_result_dimension:4000") { $0.maximumResultDimension = 4_000 },
        ParsingCase("mrd:1") { $0.maximumResultDimension = 1 },
    ]

    @Test("look options are read", arguments: look)
    func lookOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("watermarks and layers are read", arguments: layers)
    func layerOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("metadata and encoding options are read", arguments: encoding)
    func encodingOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("delivery options and limits are read", arguments: delivery)
    func deliveryOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("a URL expires in the second after the one it names")
    func expiry() throws {
        let transformation = try Transformation(parsing: "exp:1000")
        #expect(!transformation.hasExpired(at: 1_000))
        #expect(transformation.hasExpired(at: 1_001))
        #expect(!Transformation().hasExpired(at: .max))
    }
}
