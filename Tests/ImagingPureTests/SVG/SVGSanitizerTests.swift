import DeliveryTypes
import Foundation
import FoundationXML
import Imaging
import Testing

@Suite("SVG sanitising")
struct SVGSanitizerTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/svg")

    private static func names(in folder: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: fixtures.appending(path: folder).path)
        return (files ?? []).sorted()
    }

    private static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: fixtures.appending(path: folder).appending(path: name)))
    }

    private static func sanitized(_ text: String) throws(RenderFailure) -> String {
        String(decoding: try SVGSanitizer.sanitized(Array(text.utf8).span), as: UTF8.self)
    }

    /// What a parser that is not ours finds.
    private static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        return parser.parse()
    }

    @Test("the corpus is there")
    func corpus() {
        #expect(Self.names(in: "cleaned").count >= 14)
        #expect(Self.names(in: "refused").count >= 24)
    }

    @Test("what is evil goes, what is to keep stays, and the rest is well-formed", arguments: names(in: "cleaned"))
    func cleaned(name: String) throws {
        let source = try Self.bytes("cleaned", name)
        let output = try SVGSanitizer.sanitized(source.span)
        let text = String(decoding: output, as: UTF8.self)
        #expect(!text.lowercased().contains("evil"), "\(text)")
        #expect(!text.lowercased().contains("script"), "\(text)")
        #expect(!text.contains("<!") && !text.contains("<?"), "\(text)")
        // UTF-16 has a zero beside every character; Latin-1 is the same for these words.
        let plain = String(decoding: source.filter { $0 != 0 }, as: UTF8.self)
        let keep = /keep[0-9]*/
        for word in Set(plain.matches(of: keep).map { String($0.output) }) {
            #expect(text.contains(word), "\(word) in \(text)")
        }
        #expect(plain.matches(of: keep).count == text.matches(of: keep).count)
        #expect(Self.isWellFormed(output), "\(text)")
        #expect(FormatSniffer.finding(for: output.span)?.format == .svg)
        #expect(try SVGSanitizer.sanitized(output.span) == output, "cleaning again changes nothing")
    }

    @Test("malformed documents and expanding entities are refused", arguments: names(in: "refused"))
    func refused(name: String) throws {
        let source = try Self.bytes("refused", name)
        let failure = #expect(throws: RenderFailure.self) { try SVGSanitizer.sanitized(source.span) }
        #expect(failure?.code == .corruptSource || failure?.code == .unsupportedSource)
        #expect(failure?.message.hasSuffix(".") == true)
    }

    @Test("drawings pass unchanged but for their notation")
    func unchanged() throws {
        let drawing = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g transform="rotate(45 3 4)">\
            <path d="M0,0 L1e-3-5z" fill="url(#a)"></path></g><text>a &lt; b &amp; c</text></svg>
            """
        #expect(try Self.sanitized(drawing) == drawing)
        #expect(try Self.sanitized("<svg a='1\t2\n3'/>") == "<svg a=\"1 2 3\"></svg>")
        #expect(try Self.sanitized("<svg><![CDATA[a<b]]>&#x41;&#66;</svg>") == "<svg>a&lt;bAB</svg>")
        #expect(try Self.sanitized("<svg id='\"'/>") == "<svg id=\"&quot;\"></svg>")
    }

    @Test("style sheets keep their rules and lose what leads outside")
    func styleSheets() throws {
        func style(_ text: String) throws -> String {
            let output = try Self.sanitized("<svg><style>\(text)</style></svg>")
            return String(output.dropFirst("<svg><style>".count).dropLast("</style></svg>".count))
        }
        #expect(try style(".a-b{fill:#f0c;stroke-width:2.5px}") == ".a-b{fill:#f0c;stroke-width:2.5px}")
        #expect(try style(".a{fill:url(#b)}") == ".a{fill:url(#b)}")
        #expect(try style(".a{fill:url(x)}.b{}") == ".a{fill:none}.b{}")
        #expect(try style("@import 'x';.b{}") == ".b{}")
        #expect(try style("@import url(\"a;b\") (x;y);.b{}") == ".b{}")
        #expect(try style("@\\69 mport 'x';.b{}") == ".b{}")
        #expect(try style(".\\31 23{}") == ".\\31 23{}")
        #expect(try style("\\75\\72\\6c(x)") == "none")
        #expect(try style("a{b:image-set('x' 1x, url(y) 2x);c:d}") == "a{b:none;c:d}")
        #expect(try style("a{b:'it\\27s'}") == "a{b:&quot;it's&quot;}")
        #expect(try style("a{b:'x\\\"y'}") == "a{b:&quot;x\\22 y&quot;}")
        #expect(try style("/* a */b{}/* c") == " b{} ")
        #expect(try style("a{b:url(") == "a{b:none")
        #expect(try style("@media(x){a{b:c}}") == "@media(x){a{b:c}}")
    }

    @Test("size, depth, elements, attributes and expansion have limits")
    func limits() throws {
        var limits = SVGSanitizer.Limits()
        limits.bytesMax = 100
        limits.depthMax = 4
        limits.elementsMax = 6
        limits.attributesMax = 3
        func code(_ text: String) -> RenderFailure.Code? {
            do throws(RenderFailure) {
                _ = try SVGSanitizer.sanitized(Array(text.utf8).span, limits: limits)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code("<svg><g><g><g/></g></g></svg>") == nil)
        #expect(code("<svg><g><g><g><g/></g></g></g></svg>") == .limitExceeded)
        #expect(code("<svg><script><g><g><g/></g></g></script></svg>") == .limitExceeded, "left out, but still read")
        #expect(code("<svg><a/><a/><a/><a/><a/></svg>") == nil)
        #expect(code("<svg><a/><a/><a/><a/><a/><a/></svg>") == .limitExceeded)
        #expect(code("<svg a='' b='' c=''/>") == nil)
        #expect(code("<svg a='' b='' c='' d=''/>") == .limitExceeded)
        #expect(code("<svg>" + String(repeating: " ", count: 89) + "</svg>") == nil)
        #expect(code("<svg>" + String(repeating: " ", count: 90) + "</svg>") == .limitExceeded)
        let entity = "<!DOCTYPE svg [<!ENTITY a \"\(String(repeating: "x", count: 1_000))\">]><svg>"
        let failure = #expect(throws: RenderFailure.self) {
            try Self.sanitized(entity + String(repeating: "&a;", count: 66) + "</svg>")
        }
        #expect(failure?.code == .limitExceeded)
        #expect(try Self.sanitized(entity + String(repeating: "&a;", count: 65) + "</svg>").utf8.count == 65_011)
    }

    @Test(
        "long rows of what parsers stumble over are read in one pass",
        .timeLimit(.minutes(1)),
        arguments: [
            "<", "&", "<!--", "<![CDATA[", "<?", "<!DOCTYPE svg [", "<g ", "<g a='", "</", "<g>", "&lt;", "<!-- -->",
            "<g/>", "<style>url(", "<style>@import '", "<style>(", "<style>\\", "<style>/*", "<g style='url(", "]]>",
            "]",
        ]
    )
    func linear(part: String) {
        let text = "<svg>" + String(repeating: part, count: (1 << 18) / part.utf8.count)
        #expect(throws: RenderFailure.self) { try Self.sanitized(text) }
        #expect(throws: RenderFailure.self) { try Self.sanitized(part + text) }
        let style = part.replacing("<style>", with: "").replacing("<", with: "&lt;").replacing("&", with: "&amp;")
        let sheet = String(repeating: style, count: (1 << 18) / max(style.utf8.count, 1))
        #expect(throws: Never.self) { try Self.sanitized("<svg><style>\(sheet)</style></svg>") }
    }

    @Test("damaged documents are refused or come out clean", arguments: Array(1...4) as [UInt64])
    func mutated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let files = try Self.names(in: "cleaned").map { try Self.bytes("cleaned", $0) }
        let pieces = [
            "<", ">", "\"", "'", "&", ";", "/", "\\", "url(", "@import ", "<style>", "</style>", "<!--", "-->",
        ]
        var passed = 0
        for _ in 0..<1_500 {
            guard var bytes = files.randomElement(using: &random) else { continue }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = .random(in: 0x20...0x7E, using: &random)
                case 2: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: place)
                default:
                    let other = Int.random(in: bytes.indices, using: &random)
                    bytes.removeSubrange(min(place, other)..<min(max(place, other), min(place, other) + 20))
                }
                if bytes.isEmpty { bytes = [0x3C] }
            }
            guard let output = try? SVGSanitizer.sanitized(bytes.span) else { continue }
            passed += 1
            let text = String(decoding: output, as: UTF8.self).lowercased()
            #expect(try SVGSanitizer.sanitized(output.span) == output, "seed \(seed): \(text)")
            #expect(!text.contains("<script") && !text.contains(" onload=\""), "seed \(seed): \(text)")
            #expect(text.matches(of: /[a-z]="javascript:/).isEmpty, "seed \(seed): \(text)")
            #expect(!text.contains("url(//") && !text.contains("url(http"), "seed \(seed): \(text)")
        }
        #expect(passed > 100)
    }
}
