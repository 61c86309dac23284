import HTTPTypes
import NIOCore

@testable import Wire

/// All that a parser makes of some bytes, for comparing.
struct Parsed: Equatable {
    var informational: [Int] = []
    var head: HTTPResponse?
    var framing: BodyFraming?
    var body: [UInt8] = []
    var trailers: HTTPFields?
    var isComplete = false
    var error: UpstreamError?
    var keepsAlive = false
    /// Bytes behind the message.
    var surplus = 0

    /// Gives the bytes in pieces of `size`, and then the end of the connection if `closes`.
    init(
        _ bytes: [UInt8],
        size: Int = .max,
        isToHead: Bool = false,
        limits: UpstreamLimits = UpstreamLimits(),
        closes: Bool = true
    ) {
        var cuts: [Int] = []
        var cut = size == .max ? bytes.count : size
        while cut < bytes.count {
            cuts.append(cut)
            cut += size
        }
        self.init(bytes, cuts: cuts, isToHead: isToHead, limits: limits, closes: closes)
    }

    init(
        _ bytes: [UInt8],
        cuts: [Int],
        isToHead: Bool = false,
        limits: UpstreamLimits = UpstreamLimits(),
        closes: Bool = true
    ) {
        var parser = ResponseParser(isToHead: isToHead, limits: limits)
        var buffer = ByteBuffer()
        var start = 0
        do throws(UpstreamError) {
            for cut in cuts + [bytes.count] {
                buffer.writeBytes(bytes[start..<cut])
                start = cut
                while let event = try parser.next(&buffer) { take(event) }
            }
            if closes, let event = try parser.close(hasBegun: !bytes.isEmpty) { take(event) }
            keepsAlive = parser.keepsAlive
            surplus = buffer.readableBytes
        } catch {
            self.error = error
        }
    }

    init(_ text: String, isToHead: Bool = false, limits: UpstreamLimits = UpstreamLimits(), closes: Bool = true) {
        self.init(Array(text.utf8), isToHead: isToHead, limits: limits, closes: closes)
    }

    var bodyText: String { String(decoding: body, as: UTF8.self) }

    private mutating func take(_ event: ResponseParser.Event) {
        switch event {
        case .informational(let response): informational.append(response.status.code)
        case .head(let head, let framing):
            self.head = head
            self.framing = framing
        case .body(let part): body += part.readableBytesView
        case .end(let trailers):
            isComplete = true
            self.trailers = trailers
        }
    }
}
