import Caching
import HTTPSemantics
import NIOCore
package import Wire

/// Answers plain hits where requests are parsed: one look-up, one prepared head, the shared body.
///
/// A plain hit is a GET or HEAD of a URL whose answer is in memory, fresh and not purged, with no request field that
/// needs thought; conditional requests and a single range are answered too. Everything else is left to `EdgeService`,
/// which publishes what it finds. Costs two locks, about a microsecond of CPU and no allocation in the steady state:
/// the head's buffer is used again once the socket has taken it. Lives on one event loop.
package final class HitShortcut: RequestShortcut {
    /// Fields that ask for more than a look-up.
    private static let thoughtful: KnownFieldSet = {
        var set = KnownFieldSet()
        let fields: [KnownField] = [
            .ifMatch, .ifUnmodifiedSince, .ifRange, .cacheControl, .pragma, .authorization, .expect, .upgrade,
        ]
        for field in fields { set.formUnion(KnownFieldSet(field)) }
        return set
    }()

    private static let headsCount = 16
    /// Bodies up to this size are copied behind their head.
    private static let joinedBytesMax = 4_096

    private let parts: EdgeParts
    private let front: FrontIndex
    private let board: PurgeBoard
    /// This loop's, if deliveries are counted.
    private let deliveries: DeliveryTable?
    /// Buffers for heads, used in turn: by the time one comes round again, the socket has mostly taken it.
    private var heads: [ByteBuffer]
    private var nextHead = 0
    private var random: UInt64
    private var hitsUntilSample = 1

    /// `seed`: for the span ids of this loop; not secret.
    package init(_ parts: EdgeParts, seed: UInt64) {
        self.parts = parts
        front = parts.store.front
        board = parts.board
        deliveries = parts.deliveries?.makeTable()
        heads = (0..<Self.headsCount).map { _ in ByteBufferAllocator().buffer(capacity: 8_192) }
        random = seed
    }

    package func answer(_ head: RequestHead, bytes: Span<UInt8>, on connection: ServerConnection) -> Bool {
        guard head.method != .other, head.targetForm == .origin, head.present.isDisjoint(with: Self.thoughtful),
            let record = front.record(bytes, host: head.host, target: head.target),
            let hit = Self.selected(record, head, bytes)
        else { return false }
        let now = connection.nowMilliseconds
        let response = hit.response
        guard now < hit.freshUntilMilliseconds, !response.isEvicted, response.isKnownLive(at: board.sequence)
        else { return false }
        guard hit.epoch == PictureTrial.everyEpoch || hit.epoch == parts.trial.epoch else { return false }
        guard let kind = HitKind(hit, head, bytes) else { return false }
        let isHead = head.method == .head
        var buffer = takeBuffer()
        write(kind, hit, now, head, bytes, connection.persistence, to: &buffer)
        var sent = 0
        if !isHead, case .whole = kind, response.body.readableBytes <= Self.joinedBytesMax {
            // One piece is cheaper to send than two, as long as the copy is small.
            sent = response.body.readableBytes
            buffer.writeImmutableBuffer(response.body)
        }
        connection.write(buffer)
        giveBack(buffer)
        if !isHead, sent == 0 {
            switch kind {
            case .whole:
                sent = response.body.readableBytes
                if sent > 0 { connection.write(response.body) }
            case .part(let range):
                sent = range.count
                let start = response.body.readerIndex + range.lowerBound
                if let slice = response.body.getSlice(at: start, length: range.count) { connection.write(slice) }
            case .notModified: break
            }
        }
        if hit.isWorthRecording(at: now) { parts.store.memory.recordHit(response) }
        count(hit, kind, sent, now, head, bytes, connection)
        return true
    }

    // MARK: Choosing

    /// The answer whose selecting fields are spelt as the request's.
    private static func selected(_ record: FrontRecord, _ head: RequestHead, _ bytes: Span<UInt8>) -> PreparedHit? {
        if record.selecting.isEmpty { return record.alternatives.first?.hit }
        for alternative in record.alternatives where matches(alternative.selector, record.selecting, head, bytes) {
            return alternative.hit
        }
        return nil
    }

    /// Whether the request's selecting fields are, byte for byte, those of a selector.
    static func matches(
        _ selector: [UInt8],
        _ selecting: [SelectingField],
        _ head: RequestHead,
        _ bytes: Span<UInt8>
    ) -> Bool {
        var offset = 0
        let expected = selector.span
        for field in selecting {
            for line in head.fields where isNamed(field.lowercased, bytes, line.name) {
                guard expected.count - offset > line.value.count else { return false }
                for index in line.value {
                    if bytes[index] != expected[offset] { return false }
                    offset += 1
                }
                guard expected[offset] == UInt8(ascii: ",") else { return false }
                offset += 1
            }
            guard offset < expected.count, expected[offset] == UInt8(ascii: "\n") else { return false }
            offset += 1
        }
        return offset == expected.count
    }

    private static func isNamed(_ name: [UInt8], _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard name.count == range.count else { return false }
        let name = name.span
        for index in 0..<name.count {
            let byte = bytes[range.lowerBound + index]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != name[index] { return false }
        }
        return true
    }

    // MARK: Writing

    private func takeBuffer() -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &heads[nextHead])
        buffer.clear(minimumCapacity: 8_192)
        return buffer
    }

    private func giveBack(_ buffer: ByteBuffer) {
        heads[nextHead] = buffer
        nextHead = (nextHead + 1) % Self.headsCount
    }

    private func write(
        _ kind: HitKind,
        _ hit: PreparedHit,
        _ now: Int64,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ persistence: Persistence,
        to buffer: inout ByteBuffer
    ) {
        let policy = hit.response.policy
        switch kind {
        case .whole: buffer.writeBytes(hit.head)
        case .notModified: buffer.writeBytes(hit.notModifiedHead)
        case .part(let range):
            buffer.writeBytes(hit.partialHead)
            buffer.writeStaticString("Content-Range: bytes ")
            buffer.writeDecimal(Int64(range.lowerBound))
            buffer.writeStaticString("-")
            buffer.writeDecimal(Int64(range.upperBound - 1))
            buffer.writeStaticString("/")
            buffer.writeDecimal(Int64(hit.response.body.readableBytes))
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeDecimal(Int64(range.count))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("Age: ")
        buffer.writeDecimal(max(0, policy.ageSeconds(at: now)))
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(hit.cacheStatus)
        buffer.writeDecimal(max(0, (hit.freshUntilMilliseconds - now) / 1_000))
        buffer.writeStaticString("; detail=memory\r\n")
        TraceBytes.write(head, bytes, &random, to: &buffer)
        switch persistence {
        case .implicit: buffer.writeStaticString("\r\n")
        case .explicit: buffer.writeStaticString("Connection: keep-alive\r\n\r\n")
        case .close: buffer.writeStaticString("Connection: close\r\n\r\n")
        }
    }

    // MARK: Counting

    /// One hit in so many is looked at by name, for the list of hot keys.
    static let sampling = 16

    private func count(
        _ hit: PreparedHit,
        _ kind: HitKind,
        _ sent: Int,
        _ now: Int64,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ connection: ServerConnection
    ) {
        parts.metrics.countHit(bytes: sent)
        hitsUntilSample -= 1
        if hitsUntilSample == 0 {
            hitsUntilSample = Self.sampling
            parts.popular.record(hit.response, weight: Self.sampling)
        }
        let status = kind.status(of: hit.response)
        if let deliveries, let content = hit.content, PictureTarget.isDelivery(status: status) {
            let isRelayed = RelayMark.isPresent(in: head, bytes)
            deliveries.count(content, status: status, bytes: sent, isRelayed: isRelayed, at: now)
        }
        guard let log = parts.accessLog else { return }
        log.append(status: status, sent: sent, now: now, head, bytes, connection)
    }
}
