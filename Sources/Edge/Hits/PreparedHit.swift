import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization
import Wire

/// A stored response made ready for the wire: heads as bytes, ended before the fields that change with each answer.
final class PreparedHit: Sendable {
    let response: CachedResponse
    /// Milliseconds since 1970 until which it may be used without asking anybody.
    let freshUntilMilliseconds: Int64
    /// Status line and stored fields with `Content-Length`, each line ended; no empty line.
    let head: [UInt8]
    /// The same for a 304 (RFC 9110 §15.4.5): only the fields that a 304 carries.
    let notModifiedHead: [UInt8]
    /// The fields for a 206, without `Content-Length` and `Content-Range`; empty where ranges are not served.
    let partialHead: [UInt8]
    /// `Cache-Status: …; ttl=`, with the members of the caches before us.
    let cacheStatus: [UInt8]
    /// As stored, quotes and all; empty without one that can be compared.
    let entityTag: [UInt8]
    /// As stored; empty without one that is a date.
    let lastModified: [UInt8]

    /// The epoch of the picture experiments in which it holds; `PictureTrial.everyEpoch` for what they leave alone.
    let epoch: UInt32
    /// What its deliveries are counted under; `nil` for what is no picture.
    let content: DeliveredContent?

    /// Milliseconds since 1970 when the eviction policy was last told of a hit.
    private let recorded = Atomic<Int64>(0)

    /// Prepares a response that may be used until `validUntilMilliseconds` at most, say the end of a signed URL.
    ///
    /// `product` is how we name ourselves in `Cache-Status`.
    init(
        _ response: CachedResponse,
        validUntilMilliseconds: Int64?,
        product: String,
        epoch: UInt32 = PictureTrial.everyEpoch,
        content: DeliveredContent? = nil
    ) {
        self.response = response
        self.epoch = epoch
        self.content = content
        let fresh = response.policy.freshUntilMilliseconds
        freshUntilMilliseconds = min(fresh, validUntilMilliseconds ?? fresh)
        let fields = response.head.fields
        let status = response.head.status
        let whole = Array(fields).filter { $0.name != .contentLength }
        // A 204 must not say how long it is (RFC 9110 §8.6).
        head = Self.lines(status, whole, length: status == .noContent ? nil : response.body.readableBytes)
        let renewed = Array(NotModifiedHead.response(from: response.head, ageSeconds: 0).headerFields)
        notModifiedHead = Self.lines(.notModified, renewed, length: nil)
        let isWhole = status == .ok
        let partial = Array(fields).filter { $0.name != .contentLength && $0.name != .contentRange }
        partialHead = isWhole ? Self.lines(.partialContent, partial, length: nil) : []
        let earlier = fields[values: .cacheStatus].filter { $0 != product && !$0.hasPrefix(product + ";") }
        cacheStatus = Array(("Cache-Status: " + (earlier + ["\(product); hit; ttl="]).joined(separator: ", ")).utf8)
        let tag = response.head.tag?.isComparable == true ? fields[values: .eTag].first : nil
        entityTag = Array((tag ?? "").utf8)
        let modified = response.head.modifiedSeconds == nil ? nil : fields[.lastModified]
        lastModified = Array((modified ?? "").utf8)
    }

    /// Whether the eviction policy should hear of a hit now: it counts a few uses of an entry and no more, so that
    /// twenty times a second says as much as every time.
    func isWorthRecording(at nowMilliseconds: Int64) -> Bool {
        guard nowMilliseconds - recorded.load(ordering: .relaxed) >= 50 else { return false }
        recorded.store(nowMilliseconds, ordering: .relaxed)
        return true
    }

    /// Written anew for each answer, or not meant for viewers.
    private static let changing: Set<HTTPField.Name> = {
        var names: Set<HTTPField.Name> = [.age, .cacheStatus, .connection, .traceparent]
        if let facts = DerivationBook.factsField { names.insert(facts) }
        return names
    }()

    private static func lines(_ status: HTTPResponse.Status, _ fields: [HTTPField], length: Int?) -> [UInt8] {
        var text = ByteBuffer()
        text.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for field in fields where !changing.contains(field.name) {
            text.writeField(field)
        }
        if let length { text.writeString("Content-Length: \(length)\r\n") }
        return Array(text.readableBytesView)
    }
}
