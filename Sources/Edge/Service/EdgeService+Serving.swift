import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore

extension EdgeService {
    /// Answers with a stored response; `false`, with nothing sent, when it does not cover the range asked for.
    func serve(
        _ found: ResponseStore.Found,
        _ viewer: Viewer,
        _ name: ResourceName,
        isRevalidating: Bool
    ) async throws(EdgeFailure) -> Bool {
        let response = found.response
        guard covers(response, viewer.request) else { return false }
        viewer.status.isHit = true
        if isRevalidating {
            viewer.outcome = .staleRevalidating
            viewer.status.detail = "stale-while-revalidate"
            refresh(response, viewer, name)
        } else {
            viewer.outcome = found.tier == .memory ? .hitMemory : .hitDisk
            viewer.status.detail = found.tier.rawValue
            parts.publish(response, name, viewer)
        }
        try await send(response, viewer)
        return true
    }

    func covers(_ response: CachedResponse, _ request: HTTPRequest) -> Bool {
        response.stored.partial == nil
            || RangePlan(request: request, stored: response.stored, bodyLength: response.body.readableBytes)
                != .notCovered
    }

    /// Sends a stored response as the request's conditions and range want it.
    func send(_ response: CachedResponse, _ viewer: Viewer) async throws(EdgeFailure) {
        let now = parts.nowMilliseconds()
        let stored = response.stored
        let age = stored.policy.ageSeconds(at: now)
        viewer.status.ttlSeconds = Self.secondsLeft(stored.policy, now)
        if ConditionalRequest(fields: viewer.request.headerFields, stored: stored.head) == .notModified {
            try await viewer.begin(NotModifiedHead.response(from: stored.head, ageSeconds: age))
            return try await viewer.finish()
        }
        let length = response.body.readableBytes
        let plan = RangePlan(request: viewer.request, stored: stored, bodyLength: length)
        let boundary = "vitrine-" + String(response.key.low ^ UInt64(truncatingIfNeeded: now), radix: 36)
        guard let head = plan.response(from: stored, bodyLength: length, ageSeconds: age, boundary: boundary) else {
            throw .originFailed
        }
        try await viewer.begin(head)
        if viewer.request.method != .head {
            try await sendBody(of: response, as: plan, boundary: boundary, viewer)
        }
        try await viewer.finish()
    }

    private func sendBody(
        of response: CachedResponse,
        as plan: RangePlan,
        boundary: String,
        _ viewer: Viewer
    ) async throws(EdgeFailure) {
        let offset = response.stored.partial?.range.lowerBound ?? 0
        func slice(_ range: Range<Int>) -> ByteBuffer {
            let body = response.body
            return body.getSlice(at: body.readerIndex + range.lowerBound - offset, length: range.count) ?? ByteBuffer()
        }
        switch plan {
        case .whole: try await viewer.write(response.body)
        case .part(let range): try await viewer.write(slice(range))
        case .parts(let ranges):
            let complete = response.stored.partial?.completeLength ?? response.body.readableBytes
            let type = response.head.fields[.contentType]
            let body = MultipartByteRanges(ranges, completeLength: complete, contentType: type, boundary: boundary)
            for piece in body.pieces {
                switch piece {
                case .text(let text): try await viewer.write(ByteBuffer(string: text))
                case .bytes(let range): try await viewer.write(slice(range))
                }
            }
        case .unsatisfiable, .notCovered: break
        }
    }

    /// Seconds of freshness left, negative when stale; `nil` for a response that never was fresh.
    static func secondsLeft(_ policy: ResponsePolicy, _ now: Int64) -> Int64? {
        guard policy.freshUntilMilliseconds > 0 else { return nil }
        let left = policy.freshUntilMilliseconds - now
        return left >= 0 ? left / 1_000 : -((-left + 999) / 1_000)
    }

    /// Validates a stale response in the background, unless somebody does already.
    private func refresh(_ response: CachedResponse, _ viewer: Viewer, _ name: ResourceName) {
        let errand = Errand(
            name: name,
            place: ResponseStore.Place(
                resource: ResponseStore.Key(name.text),
                keys: [ResponseStore.Key(response.name)],
                hasVariants: response.name != name.text
            ),
            validated: response.policy.flags.contains(.canValidate) ? response : nil,
            fallback: response
        )
        flights.refresh(errand, for: viewer)
    }
}
