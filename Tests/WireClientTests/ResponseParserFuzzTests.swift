import HTTPTypes
import Testing
import VitrineTesting

@testable import Wire

/// Valid responses, damaged at random.
@Suite("ResponseParser, fuzzed")
struct ResponseParserFuzzTests {
    private static let corpus = [
        "HTTP/1.1 200 OK\r\nContent-Type: image/webp\r\nContent-Length: 11\r\nETag: \"x\"\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3, 3\r\n\r\nabc",
        "HTTP/1.1 304 Not Modified\r\nETag: \"y\"\r\nContent-Length: 900\r\n\r\n",
        "HTTP/1.1 200 OK\r\nServer: old\r\n\r\nuntil the connection ends",
        "HTTP/1.1 204 No Content\r\nVary: a\r\nVary: b\r\n\r\n",
    ]
    private static let scraps = [
        "\r\n", "\n", "\r", "0", "\0", ":", ";", ",", " ", "\t", "Content-Length: 4\r\n", "ffffffffffffffff", "-",
        "Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n", "HTTP/1.1 200 OK\r\n", "close", "\u{ff}",
    ]

    static func mutated(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(corpus[Int.random(in: 0..<corpus.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: at)
            case 2: bytes.removeSubrange(at...)
            case 3: bytes.insert(contentsOf: scraps[Int.random(in: 0..<scraps.count, using: &random)].utf8, at: at)
            default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        return bytes
    }

    @Test("the same comes of the same bytes, however they are split (seed 3)")
    func splitting() {
        var random = SeededGenerator(seed: 3)
        for step in 0..<4_000 {
            let bytes = Self.mutated(&random)
            let whole = Parsed(bytes)
            #expect(Parsed(bytes, size: 1) == whole, "step \(step), byte by byte: \(bytes)")
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            #expect(Parsed(bytes, cuts: cuts) == whole, "step \(step), cut at \(cuts): \(bytes)")
        }
    }

    @Test("the corpus is the same when cut in two anywhere")
    func everyCut() {
        for text in Self.corpus {
            let bytes = Array(text.utf8)
            let whole = Parsed(bytes)
            #expect(whole.isComplete && whole.error == nil)
            for cut in 0...bytes.count { #expect(Parsed(bytes, cuts: [cut]) == whole, "\(text) cut at \(cut)") }
        }
    }

    @Test("what is delivered as complete has the length that its head says (seed 4)")
    func lengths() {
        var random = SeededGenerator(seed: 4)
        var complete = 0
        for step in 0..<8_000 {
            let bytes = Self.mutated(&random)
            let parsed = Parsed(bytes)
            #expect(!(parsed.isComplete && parsed.error != nil))
            guard parsed.isComplete, let framing = parsed.framing else { continue }
            complete += 1
            switch framing {
            case .length(let length):
                #expect(Int64(parsed.body.count) == length, "step \(step): \(bytes)")
            case .untilClose:
                #expect(!parsed.keepsAlive)
                #expect(parsed.head?.headerFields[.contentLength] == nil, "step \(step): \(bytes)")
            case .chunked:
                #expect(parsed.head?.headerFields[.contentLength] == nil, "step \(step): \(bytes)")
                #expect(Self.hasLastChunk(bytes), "step \(step): \(bytes)")
            }
        }
        // Enough got through for the test to mean something.
        #expect(complete > 1_000)
    }

    @Test("a response that loses its end is complete only if it lost none of its message")
    func cutOff() {
        for text in Self.corpus where !text.contains("Server: old") {
            let bytes = Array(text.utf8)
            for count in 0..<bytes.count {
                let parsed = Parsed(Array(bytes[..<count]))
                #expect(!parsed.isComplete && parsed.error != nil, "\(text) cut off at \(count)")
            }
        }
    }

    private static func hasLastChunk(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("\r\n0")
    }
}
