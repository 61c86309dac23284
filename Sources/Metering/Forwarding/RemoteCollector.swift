import Compression
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
package import Wire

/// A collector elsewhere, for events that this node reports: `POST /v1/events`, lines of JSON in gzip.
///
/// Believes nothing but a 202 that accounts for every event, or a 400 that refuses each of them; whatever else comes
/// back, or nothing, the events are to be sent again. Costs one exchange, and the compression on the cooperative pool.
package struct RemoteCollector: Sendable {
    /// More of an answer is not read: verdicts of refused events may be many.
    static let answerBytesMax = 4 << 20

    private let pool: UpstreamPool
    private let target: UpstreamTarget
    private let token: String?
    private let timeouts: UpstreamTimeouts
    private let compressor = Compressor(idleMax: 1)

    /// `token` is one of the collector's; `nil` for one that asks for none.
    package init(
        pool: UpstreamPool,
        target: UpstreamTarget,
        token: String?,
        timeouts: UpstreamTimeouts = UpstreamTimeouts()
    ) {
        self.pool = pool
        self.target = target
        self.token = token
        self.timeouts = timeouts
    }

    /// Sends `count` events, as lines of JSON; returns when they are on the collector's disk, or may not be.
    package func send(_ lines: [UInt8], count: Int) async -> CollectorAnswer {
        let body: ByteBuffer
        do throws(CompressionError) {
            body = try await compressor.compressed(ByteBuffer(bytes: lines), as: .gzip)
        } catch {
            if case .tooLarge = error { return .tooLarge }
            return .away(retryAfter: nil, reason: "the events could not be compressed: \(error)")
        }
        do throws(UpstreamError) {
            let response = try await pool.exchange(request, body: .bytes(body), to: target, timeouts: timeouts)
            var answer: [UInt8] = []
            for try await piece in response.body where answer.count < Self.answerBytesMax {
                answer += piece.readableBytesView
            }
            return Self.meaning(of: response.head, answer, count: count)
        } catch {
            return .away(retryAfter: nil, reason: "\(target) does not answer: \(error)")
        }
    }

    private var request: HTTPRequest {
        var fields: HTTPFields = [.contentType: "application/x-ndjson", .contentEncoding: "gzip"]
        if let token { fields[.authorization] = "Bearer \(token)" }
        return HTTPRequest(
            method: .post,
            scheme: target.isTLS ? "https" : "http",
            authority: target.authority,
            path: EventRoutes.path,
            headerFields: fields
        )
    }

    static func meaning(of head: HTTPResponse, _ body: [UInt8], count: Int) -> CollectorAnswer {
        let retryAfter = head.headerFields[.retryAfter].flatMap { Int($0) }.map { Duration.seconds(max(0, $0)) }
        switch head.status.code {
        case 202, 400:
            if let (accepted, refused) = figures(body), accepted + refused == count,
                accepted > 0 || refused > 0, head.status.code == 202 || accepted == 0
            {
                return .taken(refused: refused)
            }
        case 413: return .tooLarge
        default: break
        }
        let title = String(decoding: body.prefix(200).filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
        return .away(retryAfter: retryAfter, reason: "the collector answers \(head.status.code): \(title)")
    }

    /// How many events were accepted and refused, by the answer's own words.
    private static func figures(_ body: [UInt8]) -> (accepted: Int, refused: Int)? {
        do throws(JSONError) {
            let answer = try JSONParser().value(from: body)
            guard let accepted = answer["accepted"]?.double.flatMap({ Int(exactly: $0) }),
                let refused = answer["refused"]?.double.flatMap({ Int(exactly: $0) }), accepted >= 0, refused >= 0
            else { return nil }
            return (accepted, refused)
        } catch {
            return nil
        }
    }
}
