import NIOCore
import Testing
import Wire

/// How bodies end (RFC 9112 §6.3), and character classes.
struct FramingTests {
    private func framing(lengths: [String] = [], codings: [String] = []) throws -> MessageFraming {
        var framing = MessageFraming()
        for text in lengths {
            let buffer = ByteBuffer(string: text)
            try framing.addContentLength(buffer.readableBytesUInt8Span, 0..<buffer.readableBytes)
        }
        for text in codings {
            let buffer = ByteBuffer(string: text)
            try framing.addTransferEncoding(buffer.readableBytesUInt8Span, 0..<buffer.readableBytes)
        }
        return framing
    }

    @Test("a response without a body says so by its status or its request")
    func bodyless() throws {
        let framing = try framing(lengths: ["10"])
        #expect(try framing.ofResponse(status: 304, isToHead: false, isVersion11: true) == .length(0))
        #expect(try framing.ofResponse(status: 204, isToHead: false, isVersion11: true) == .length(0))
        #expect(try framing.ofResponse(status: 103, isToHead: false, isVersion11: true) == .length(0))
        #expect(try framing.ofResponse(status: 200, isToHead: true, isVersion11: true) == .length(0))
        #expect(
            try framing.ofResponse(status: 200, isToHead: false, isToConnect: true, isVersion11: true) == .length(0)
        )
        #expect(try framing.ofResponse(status: 200, isToHead: false, isVersion11: true) == .length(10))
        #expect(framing.statedLength == 10)
    }

    @Test("a response without length or coding ends with the connection, a request without has no body")
    func silent() throws {
        let framing = try framing()
        #expect(framing.isSilent)
        #expect(try framing.ofResponse(status: 200, isToHead: false, isVersion11: true) == .untilClose)
        #expect(try framing.ofRequest(isVersion11: true) == .length(0))
    }

    @Test("a response with both length and coding is refused")
    func both() throws {
        let framing = try framing(lengths: ["1"], codings: ["chunked"])
        #expect(throws: MessageFault.ambiguousFraming) {
            try framing.ofResponse(status: 200, isToHead: false, isVersion11: true)
        }
    }

    @Test("tokens, values and targets have the characters of the RFCs")
    func classes() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(Octet.isToken(byte) == token.contains(byte))
            #expect(Octet.isFieldValue(byte) == (byte == 9 || byte >= 32 && byte != 127))
            #expect(Octet.isTarget(byte) == (byte > 32 && byte < 127 && byte != UInt8(ascii: "#")))
        }
    }

    @Test("a control character is found wherever it stands in a value")
    func controls() {
        for length in 1...20 {
            for place in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: 0xFF, count: length)
                    bytes[place] = byte
                    #expect(bytes.span.isFieldValue(0..<length) == Octet.isFieldValue(byte))
                }
            }
        }
    }
}
