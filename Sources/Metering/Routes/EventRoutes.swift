import Compression
import HTTPSemantics
import HTTPTypes
import NIOCore
package import Wire

/// Events over HTTP: `POST /v1/events`, and `GET /v1/events/schema`.
///
/// **Promises.** 202 says that every event it does not list as refused is on the disk; whatever else is answered, or
/// nothing at all, the sender sends the same again and each event still counts once. **Costs** some microseconds an
/// event on the caller's thread, and the wait for the disk that all requests share. **Refuses** rather than waits:
/// memory for bodies and lines that wait are bounded, past that it is 429 or 503 with `Retry-After`.
package final class EventRoutes: Sendable {
    package static let path = "/v1/events"
    package static let schemaPath = "/v1/events/schema"

    package let parts: EventParts
    private let decoder: EventDecoder
    private let budget: BodyBudget

    package init(_ parts: EventParts) {
        self.parts = parts
        decoder = EventDecoder(limits: parts.limits)
        budget = BodyBudget(bytes: parts.limits.bytesUnderWay)
    }

    /// Bytes of bodies that are being read and decoded now.
    package var bytesUnderWay: Int { budget.bytes }

    /// Whether a request's path, with or without a query, is one of these.
    package static func owns(_ path: String) -> Bool {
        let path = path.prefix { $0 != "?" }
        return path == Self.path || path == schemaPath
    }

    /// Answers a request; `nil` when its path is not one of these.
    ///
    /// Decoding is work of up to some milliseconds on the caller's thread: not for an event loop.
    @concurrent
    package func answer(_ exchange: Exchange) async -> EventAnswer? {
        guard let path = exchange.request.path, Self.owns(path) else { return nil }
        if !path.hasPrefix(Self.schemaPath) { return await answerEvents(exchange) }
        guard exchange.request.method == .get || exchange.request.method == .head else {
            return EventAnswer(.method(allowed: "GET, HEAD"))
        }
        var answer = EventAnswer(.ok, mediaType: "application/schema+json", body: Array(EventSchema.text.utf8))
        answer.head.headerFields[.cacheControl] = "public, max-age=3600"
        return answer
    }

    private func answerEvents(_ exchange: Exchange) async -> EventAnswer {
        do throws(IntakeProblem) {
            let batch = try await take(exchange)
            parts.metrics.count(batch.refused == 0 ? .accepted : batch.accepted > 0 ? .partial : .refused)
            return EventAnswer(batch)
        } catch {
            parts.metrics.count(error.outcome)
            return EventAnswer(error)
        }
    }

    private func take(_ exchange: Exchange) async throws(IntakeProblem) -> EventBatch {
        let request = exchange.request
        guard request.method == .post else { throw .method(allowed: "POST") }
        if let denial = parts.denial(request) { throw .denied(denial) }
        let form = try Self.form(of: request.headerFields)
        let coding = try Self.coding(of: request.headerFields)
        var taken = 0
        defer { budget.give(back: taken) }
        let sent = try await body(of: exchange, &taken)
        let start = parts.uptime()
        let body = try decompressed(sent, coding, &taken)
        parts.metrics.count(sent: sent.count, body: body.count)
        return try await keep(try decode(body, form, request), from: start)
    }

    private func decode(
        _ body: [UInt8],
        _ form: EventForm,
        _ request: HTTPRequest
    ) throws(IntakeProblem) -> EventBatch {
        let keepsAll = Self.wantsAll(request.path ?? "")
        let events =
            form == .binary
            ? try BinaryEvent.structured(request.headerFields, body: body, limits: parts.limits) : body
        return try decoder.decode(events, as: form, received: parts.received.arrival(), keepsAll: keepsAll)
    }

    /// Waits until the valid events are on the disk.
    private func keep(_ batch: EventBatch, from start: Duration) async throws(IntakeProblem) -> EventBatch {
        parts.metrics.count(refused: batch.verdicts)
        guard batch.accepted > 0 else { return batch }
        do throws(MeteringError) {
            try await parts.sink.append(batch.lines, count: batch.accepted)
        } catch {
            throw IntakeProblem(error)
        }
        parts.metrics.count(
            accepted: batch.accepted,
            lineBytes: batch.lines.readableBytes,
            after: parts.uptime() - start
        )
        return batch
    }

    // MARK: What was sent

    /// What the request says to be.
    static func form(of fields: HTTPFields) throws(IntakeProblem) -> EventForm {
        let value = fields[.contentType] ?? ""
        let type = MediaType(value)
        guard type.isUTF8 else { throw .mediaType(value) }
        switch type.essence {
        case "application/cloudevents+json": return .structured
        case "application/cloudevents-batch+json": return .batch
        case "application/x-ndjson", "application/ndjson": return .lines
        case "application/json" where BinaryEvent.isPresent(in: fields): return .binary
        default: throw .mediaType(value)
        }
    }

    /// How the body is compressed.
    static func coding(of fields: HTTPFields) throws(IntakeProblem) -> ContentCoding {
        let value = fields[.contentEncoding]?.lowercased() ?? ""
        switch value {
        case "", "identity": return .identity
        case "gzip", "x-gzip": return .gzip
        case "zstd": return .zstd
        default: throw .contentCoding(value)
        }
    }

    private static func wantsAll(_ path: String) -> Bool {
        guard let mark = path.firstIndex(of: "?") else { return false }
        return path[path.index(after: mark)...].split(separator: "&").contains("verdicts=all")
    }

    private func body(of exchange: Exchange, _ taken: inout Int) async throws(IntakeProblem) -> [UInt8] {
        let limit = parts.limits.bodyBytes
        if case .length(let length) = exchange.framing, length > limit { throw .bodyTooLarge(limit: limit) }
        var body: [UInt8] = []
        var pieces = exchange.body.makeAsyncIterator()
        while let piece = try await Self.next(&pieces, limit) {
            let bytes = piece.readableBytes
            guard body.count + bytes <= limit else { throw .bodyTooLarge(limit: limit) }
            guard budget.take(bytes) else { throw .busy(retryAfterSeconds: 1) }
            taken += bytes
            body += piece.readableBytesView
        }
        return body
    }

    private static func next(
        _ pieces: inout RequestBody.AsyncIterator,
        _ limit: Int
    ) async throws(IntakeProblem) -> ByteBuffer? {
        do throws(ExchangeError) {
            return try await pieces.next(isolation: nil)
        } catch {
            throw IntakeProblem(error, limit: limit)
        }
    }

    private func decompressed(
        _ body: [UInt8],
        _ coding: ContentCoding,
        _ taken: inout Int
    ) throws(IntakeProblem) -> [UInt8] {
        guard coding != .identity else { return body }
        let limit = parts.limits.bodyBytes
        let bytes: [UInt8]
        do throws(CompressionError) {
            bytes = try Decompressor.decompress(body, from: coding, bytesMax: limit)
        } catch {
            switch error {
            case .tooLarge: throw .bodyTooLarge(limit: limit)
            case .outOfMemory: throw .busy(retryAfterSeconds: 1)
            case .malformed, .wrongDictionary: throw .undecodable
            }
        }
        guard budget.take(bytes.count) else { throw .busy(retryAfterSeconds: 1) }
        taken += bytes.count
        return bytes
    }
}
