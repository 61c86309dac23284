import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

@testable import Edge

/// Things to test with.
enum Sample {
    /// A stored response to `GET http://a/x`.
    static func response(
        _ name: String = "http://a/x",
        status: Int = 200,
        fields: HTTPFields = [.cacheControl: "max-age=60"],
        body: String = "0123456789",
        at now: Int64 = EdgeRig.start,
        born: UInt64 = 0,
        tags: [String] = [],
        cost: Float = 1
    ) -> CachedResponse {
        let stored = StoredResponse(
            request: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/x"),
            response: HTTPResponse(status: .init(code: status), headerFields: fields),
            requestMilliseconds: now,
            responseMilliseconds: now
        )
        return CachedResponse(
            key: EntryKey(of: name.utf8),
            name: name,
            stored: stored,
            body: ByteBuffer(string: body),
            subject: PurgeSubject(bornSequence: born, url: name, tags: tags),
            costMilliseconds: cost,
            maker: .fetched
        )
    }

    /// Parses a request head and hands it on with its bytes.
    static func withHead<Result>(
        _ text: String,
        _ body: (RequestHead, Span<UInt8>) throws -> Result
    ) throws -> Result {
        let bytes = Array(text.utf8)
        let head = RequestHead(limits: HeadScanner.Limits())
        guard try head.parse(bytes.span) else { throw MessageFault.startLine }
        return try body(head, bytes.span)
    }
}
