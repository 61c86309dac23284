import DeliveryTypes
import Testing

@Suite("Options of size and region")
struct SizeOptionsTests {
    static let size: [ParsingCase] = [
        ParsingCase(""),
        ParsingCase("rs:fill:300:200:0:1") {
            $0.resizing = .fill
            $0.width = 300
            $0.height = 200
            $0.extend = Gravity()
        },
        ParsingCase("resize:fit:10:20:1:1:nowe:5:-6") {
            ($0.width, $0.height, $0.enlarge) = (10, 20, true)
            $0.extend = Gravity(.northWest, x: 5, y: -6)
        },
        ParsingCase("rs:auto") { $0.resizing = .auto },
        ParsingCase("rs::300") { $0.width = 300 },
        ParsingCase("rs:force::200") { ($0.resizing, $0.height) = (.force, 200) },
        ParsingCase("rs:fill:300:200/rs::400") { ($0.resizing, $0.width, $0.height) = (.fill, 400, 200) },
        ParsingCase("rs:"),
        ParsingCase("rs:::::"),
        ParsingCase("size:100:200:t") { ($0.width, $0.height, $0.enlarge) = (100, 200, true) },
        ParsingCase("s::200") { $0.height = 200 },
        ParsingCase("s:1:2:0:1:fp:0.25:1") {
            ($0.width, $0.height) = (1, 2)
            $0.extend = Gravity(.focusPoint, x: 0.25, y: 1)
        },
        ParsingCase("s:100:100/s:0:0"),
        ParsingCase("resizing_type:fill-down") { $0.resizing = .fillDown },
        ParsingCase("rt:force") { $0.resizing = .force },
        ParsingCase("width:1/height:2") { ($0.width, $0.height) = (1, 2) },
        ParsingCase("w:+7/h:007") { ($0.width, $0.height) = (7, 7) },
        ParsingCase("w:1000000") { $0.width = 1_000_000 },
        ParsingCase("min-width:3/min-height:4") { ($0.minimumWidth, $0.minimumHeight) = (3, 4) },
        ParsingCase("mw:5/mh:6") { ($0.minimumWidth, $0.minimumHeight) = (5, 6) },
        ParsingCase("zoom:2") { ($0.zoomX, $0.zoomY) = (2, 2) },
        ParsingCase("z:0.5:3") { ($0.zoomX, $0.zoomY) = (0.5, 3) },
        ParsingCase("z:2:3/z:4") { ($0.zoomX, $0.zoomY) = (4, 4) },
        ParsingCase("dpr:2.5") { $0.devicePixelRatio = 2.5 },
        ParsingCase("dpr:1e-1") { $0.devicePixelRatio = 0.1 },
        ParsingCase("enlarge:1") { $0.enlarge = true },
        ParsingCase("el:true/el:f"),
        ParsingCase("extend:true:so:10:20") { $0.extend = Gravity(.south, x: 10, y: 20) },
        ParsingCase("ex:1:no") { $0.extend = Gravity(.north) },
        ParsingCase("ex:1:no/ex:1") { $0.extend = Gravity(.north) },
        ParsingCase("ex:1:no/ex:0"),
        ParsingCase("ex:1:so::20") { $0.extend = Gravity(.south, y: 20) },
        ParsingCase("extend_aspect_ratio:1:soea") { $0.extendAspectRatio = Gravity(.southEast) },
        ParsingCase("extend_ar:t") { $0.extendAspectRatio = Gravity() },
        ParsingCase("exar:1:we:0.1") { $0.extendAspectRatio = Gravity(.west, x: 0.1) },
    ]

    static let region: [ParsingCase] = [
        ParsingCase("gravity:soea") { $0.gravity = Gravity(.southEast) },
        ParsingCase("g:ce:10:20") { $0.gravity = Gravity(x: 10, y: 20) },
        ParsingCase("g:ce:10:20/g:no") { $0.gravity = Gravity(.north, x: 10, y: 20) },
        ParsingCase("g:ce:10:20/g:no:0") { $0.gravity = Gravity(.north, y: 20) },
        ParsingCase("g:no:-0.1:-5") { $0.gravity = Gravity(.north, x: -0.1, y: -5) },
        ParsingCase("g:fp:0.5:0.75") { $0.gravity = Gravity(.focusPoint, x: 0.5, y: 0.75) },
        ParsingCase("g:fp:0.5:0.3/g:so") { $0.gravity = Gravity(.south) },
        ParsingCase("g:ce:10:20/g:sm") { $0.gravity = Gravity(.smart) },
        ParsingCase("g:sm/g:ea:0:1") { $0.gravity = Gravity(.east, y: 1) },
        ParsingCase("crop:100:200") { $0.crop = .init(width: 100, height: 200) },
        ParsingCase("c:0.5") { $0.crop = .init(width: 0.5, height: 0) },
        ParsingCase("c::300") { $0.crop = .init(width: 0, height: 300) },
        ParsingCase("c:100:200:nowe:10:20") {
            $0.crop = .init(width: 100, height: 200, gravity: Gravity(.northWest, x: 10, y: 20))
        },
        ParsingCase("c:10:20:sm") { $0.crop = .init(width: 10, height: 20, gravity: Gravity(.smart)) },
        ParsingCase("c:10:20:fp:0:1") {
            $0.crop = .init(width: 10, height: 20, gravity: Gravity(.focusPoint, x: 0, y: 1))
        },
        ParsingCase("c:100:200/c:50") { $0.crop = .init(width: 50, height: 200) },
        ParsingCase("c:100:200/c:0:0"),
        ParsingCase("c:0:0:no"),
        ParsingCase("trim:10") { $0.trim = .init(threshold: 10) },
        ParsingCase("t:0") { $0.trim = .init(threshold: 0) },
        ParsingCase("t:12.5:FF00ff:1:1") {
            $0.trim = .init(
                threshold: 12.5,
                color: Color(red: 255, green: 0, blue: 255),
                equalHorizontal: true,
                equalVertical: true
            )
        },
        ParsingCase("t:10::1") { $0.trim = .init(threshold: 10, equalHorizontal: true) },
        ParsingCase("t:10:fff:1/t:20") { $0.trim = .init(threshold: 20, equalHorizontal: true) },
        ParsingCase("t:10/t:"),
        ParsingCase("padding:10") { $0.padding = .init(top: 10, right: 10, bottom: 10, left: 10) },
        ParsingCase("pd:10:20") { $0.padding = .init(top: 10, right: 20, bottom: 10, left: 20) },
        ParsingCase("pd:10:20:30") { $0.padding = .init(top: 10, right: 20, bottom: 30, left: 20) },
        ParsingCase("pd:1:2:3:4") { $0.padding = .init(top: 1, right: 2, bottom: 3, left: 4) },
        ParsingCase("pd::20") { $0.padding = .init(right: 20, left: 20) },
        ParsingCase("pd:::30:4") { $0.padding = .init(bottom: 30, left: 4) },
        ParsingCase("auto_rotate:0") { $0.autoRotate = false },
        ParsingCase("ar:f/ar:1"),
        ParsingCase("rotate:90") { $0.rotation = 90 },
        ParsingCase("rot:-90") { $0.rotation = 270 },
        ParsingCase("rot:450") { $0.rotation = 90 },
        ParsingCase("rot:720"),
        ParsingCase("flip:1") { $0.flipHorizontal = true },
        ParsingCase("fl:0:1") { $0.flipVertical = true },
        ParsingCase("fl::t") { $0.flipVertical = true },
        ParsingCase("fl:1:1/fl:0") { $0.flipVertical = true },
    ]

    @Test("size options are read as imgproxy reads them", arguments: size)
    func sizeOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("region options are read as imgproxy reads them", arguments: region)
    func regionOptions(_ example: ParsingCase) throws {
        #expect(try Transformation(parsing: example.options) == example.expected)
    }

    @Test("every spelling of a boolean is read", arguments: ["1", "t", "T", "true", "True", "TRUE"])
    func trueWords(_ word: String) throws {
        #expect(try Transformation(parsing: "el:" + word).enlarge)
    }

    @Test("every spelling of no is read", arguments: ["0", "f", "F", "false", "False", "FALSE"])
    func falseWords(_ word: String) throws {
        #expect(try Transformation(parsing: "el:1/el:" + word).enlarge == false)
    }
}
