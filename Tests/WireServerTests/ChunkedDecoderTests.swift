import HTTPTypes
import NIOCore
import Testing
import VitrineTesting
import Wire

/// The chunked coding (RFC 9112 §7.1).
struct ChunkedDecoderTests {
    struct Decoded: Equatable {
        var body: [UInt8] = []
        var trailers: HTTPFields?
        var isEnded = false
        var rest: [UInt8] = []
        var fault: MessageFault?
    }

    static func decode(_ parts: [[UInt8]], limits: ChunkedDecoder.Limits = .init()) -> Decoded {
        var decoder = ChunkedDecoder(limits: limits)
        var decoded = Decoded()
        var buffer = ByteBuffer()
        for part in parts {
            buffer.writeBytes(part)
            do throws(MessageFault) {
                while let event = try decoder.next(&buffer) {
                    switch event {
                    case .data(let slice): decoded.body += slice.readableBytesView
                    case .end(let trailers):
                        decoded.trailers = trailers
                        decoded.isEnded = true
                    }
                }
            } catch {
                decoded.fault = error
                return decoded
            }
        }
        decoded.rest = Array(buffer.readableBytesView)
        return decoded
    }

    static func decode(_ text: String, limits: ChunkedDecoder.Limits = .init()) -> Decoded {
        decode([Array(text.utf8)], limits: limits)
    }

    @Test("data, extensions and trailers come apart, and what follows is left")
    func whole() {
        let decoded = Self.decode(
            "5;a=b;c=\"d;e\"\r\nhello\r\n0A \t; x\r\n0123456789\r\n0\r\nX-Sum: 1\r\nHost: evil\r\n\r\nGET"
        )
        #expect(decoded.body == Array("hello0123456789".utf8))
        #expect(decoded.trailers == [HTTPField.Name("X-Sum") ?? .accept: "1"])
        #expect(decoded.isEnded)
        #expect(decoded.rest == Array("GET".utf8))
    }

    @Test(
        "fields that frame, route or authenticate are not taken from trailers",
        arguments: ["Content-Length: 5", "Transfer-Encoding: chunked", "Host: b", "Authorization: x", "Set-Cookie: a"]
    )
    func forbidden(_ line: String) {
        let decoded = Self.decode("0\r\n\(line)\r\n\r\n")
        #expect(decoded.isEnded)
        #expect(decoded.trailers == nil)
    }

    @Test(
        "a broken coding is refused",
        arguments: [
            ("\r\n", MessageFault.chunkSize), ("x\r\n", .chunkSize), ("-1\r\n", .chunkSize), ("0x5\r\n", .chunkSize),
            ("5 \r\nhello\r\n", .chunkSize), (" 5\r\nhello\r\n", .chunkSize), ("5 x\r\nhello\r\n", .chunkSize),
            ("8000000000000000\r\n", .chunkSize), ("00000000000000005\r\n", .chunkSize),
            ("5;a\u{1}\r\nhello\r\n", .chunkExtension), ("5;a\rb\r\nhello\r\n", .chunkExtension),
            ("5\nhello\r\n", .lineEnd), ("5\r\nhelloX\r\n", .chunkEnd), ("5\r\nhello\rX", .chunkEnd),
            ("5\r\nhello\n", .chunkEnd), ("0\r\nX\r\n\r\n", .fieldName), ("0\r\n\n", .lineEnd),
            ("0\r\nX: 1\r\n y\r\n\r\n", .foldedLine),
        ]
    )
    func refused(_ text: String, _ fault: MessageFault) {
        #expect(Self.decode(text).fault == fault)
    }

    @Test("lines, all extensions and trailers have limits")
    func limits() {
        var limits = ChunkedDecoder.Limits()
        limits.lineBytes = 20
        limits.extensionBytes = 30
        limits.trailers = HeadScanner.Limits(headBytes: 40, fields: 2)
        let long = String(repeating: "a", count: 30)
        #expect(Self.decode("1;\(long)", limits: limits).fault == .chunkExtension)
        #expect(Self.decode("1;\(long)\r\n", limits: limits).fault == .chunkExtension)
        let many = String(repeating: "1;aaaaaaaaaa\r\nx\r\n", count: 3)
        #expect(Self.decode(many, limits: limits).fault == .chunkExtension)
        #expect(Self.decode("0\r\nX: \(long)\(long)\r\n\r\n", limits: limits).fault == .headTooLarge)
        #expect(Self.decode("0\r\na: 1\r\nb: 1\r\nc: 1\r\n\r\n", limits: limits).fault == .tooManyFields)
    }

    @Test("a split anywhere gives the same result as one piece", arguments: 0..<4)
    func fuzz(_ round: Int) {
        var generator = SeededGenerator(seed: 0xC0DE + UInt64(round))
        let seeds = [
            "5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\nGET", "1\r\na\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\n", "0\r\n\r\n",
        ]
        let pieces = ["\r\n", "\r", "\n", "0", ";", "F", "\0", "0\r\n\r\n", "ffff", " "]
        for step in 0..<600 {
            let seed = seeds[step % seeds.count]
            let bytes = HeadFuzzTests.mutated(seed, pieces: pieces, using: &generator)
            let whole = Self.decode([bytes])
            let splits = step % 8 == 0 ? 0...bytes.count : HeadFuzzTests.one(upTo: bytes.count, using: &generator)
            for split in splits {
                let parts = Self.decode([Array(bytes[..<split]), Array(bytes[split...])])
                #expect(parts == whole, "round \(round), step \(step), split at \(split)")
            }
            #expect(Self.decode(bytes.map { [$0] }) == whole, "round \(round), step \(step), byte by byte")
            if whole.isEnded { #expect(whole.body.count + whole.rest.count < bytes.count) }
        }
    }
}
