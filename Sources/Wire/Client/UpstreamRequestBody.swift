package import NIOCore

/// The content of a request on its way to an upstream.
package struct UpstreamRequestBody: Sendable {
    /// Writes the parts in order and returns after the last one.
    typealias Pump = @Sendable (_ write: (ByteBuffer) async throws(UpstreamError) -> Void) async throws -> Void

    enum Content: Sendable {
        case bytes(ByteBuffer)
        case stream(length: Int64?, pump: Pump)
    }

    let content: Content

    /// A body in memory; a request with one can be repeated.
    package static func bytes(_ bytes: ByteBuffer) -> UpstreamRequestBody {
        UpstreamRequestBody(content: .bytes(bytes))
    }

    /// A body that is read once, part by part, as fast as the upstream takes it; its request is never repeated.
    ///
    /// - Parameters:
    ///   - source: the parts; when it throws, the exchange fails with `requestBodyFailed`.
    ///   - length: bytes in all, sent as Content-Length; the exchange fails when `source` has more or fewer. With `nil`
    ///     the body is chunked.
    /// - Returns: the body; give it to one exchange only.
    package static func stream<Source: AsyncSequence & Sendable>(
        _ source: Source,
        length: Int64?
    ) -> UpstreamRequestBody where Source.Element == ByteBuffer {
        UpstreamRequestBody(
            content: .stream(length: length) { write in
                for try await part in source { try await write(part) }
            }
        )
    }

    var isStream: Bool {
        if case .stream = content { true } else { false }
    }
}
