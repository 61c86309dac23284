import NIOCore
import Testing
import VitrineTesting
import Wire

/// Thousands of damaged heads: no trap, and the same answer however the bytes are split.
struct HeadFuzzTests {
    private static let seeds = [
        "GET /p/cat.jpg?w=640 HTTP/1.1\r\nHost: img.example\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\n\r\n",
        "\r\nPOST /u HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 12\r\nConnection: close, x\r\nX: \u{e9}\t\r\n\r\n",
        "GET http://a.example/b HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=0-1\r\nrange: bytes=2-\r\n\r\n",
        "PUT * HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nTE: trailers\r\nExpect: 100-continue\r\n\r\n",
    ]

    private static let pieces = [
        "\r\n", "\r", "\n", " ", "\t", ":", "\0", ",", "\r\n\r\n", "Host: b\r\n", "Content-Length: 1\r\n", "\u{7f}",
        "Transfer-Encoding: chunked\r\n", "HTTP/1.1", "\u{fe}",
    ]

    static func mutated(_ seed: String, pieces: [String], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator)?.utf8 ?? "".utf8, at: place)
            default:
                let end = Int.random(in: place...min(bytes.count, place + 12), using: &generator)
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            }
        }
        return bytes
    }

    @Test("a split anywhere gives the same result as one piece", arguments: 0..<8)
    func splits(_ round: Int) throws {
        var generator = SeededGenerator(seed: 0x51AB + UInt64(round))
        var accepted = 0
        let limits = HeadScanner.Limits(headBytes: 400, startLineBytes: 120, fields: 8)
        for step in 0..<500 {
            let seed = try #require(Self.seeds.randomElement(using: &generator))
            let bytes = Self.mutated(seed, pieces: Self.pieces, using: &generator)
            let whole = ParsedHead.parse(ByteBuffer(bytes: bytes), limits: limits)
            if case .success(.some(let head)) = whole {
                accepted += 1
                check(head)
            }
            // All splits of some, one split of each.
            let splits = step % 8 == 0 ? 0...bytes.count : Self.one(upTo: bytes.count, using: &generator)
            for split in splits {
                let parts = Self.inParts(bytes, [split], limits: limits)
                #expect(parts == whole, "round \(round), step \(step), split at \(split)")
            }
            #expect(
                Self.inParts(bytes, Array(0..<bytes.count), limits: limits) == whole,
                "round \(round), byte by byte"
            )
        }
        #expect(accepted > 50, "the mutations leave some heads whole")
    }

    static func one(upTo count: Int, using generator: inout SeededGenerator) -> ClosedRange<Int> {
        let place = Int.random(in: 0...count, using: &generator)
        return place...place
    }

    /// What holds of every accepted head.
    private func check(_ head: ParsedHead) {
        #expect(!head.method.isEmpty && head.method.utf8.allSatisfy(Octet.isToken))
        #expect(head.target.utf8.allSatisfy(Octet.isTarget))
        #expect(head.isVersion11 ? !head.host.isEmpty : true)
        for field in head.fields { #expect(!field.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }) }
    }

    private static func inParts(
        _ bytes: [UInt8],
        _ splits: [Int],
        limits: HeadScanner.Limits
    ) -> Result<ParsedHead?, MessageFault> {
        let head = RequestHead(limits: limits)
        var buffer = ByteBuffer()
        var start = 0
        for end in splits + [bytes.count] {
            buffer.writeBytes(bytes[start..<end])
            start = end
            do throws(MessageFault) {
                if try head.parse(buffer.readableBytesUInt8Span) {
                    return .success(ParsedHead(head, buffer))
                }
            } catch {
                return .failure(error)
            }
        }
        return .success(nil)
    }
}
