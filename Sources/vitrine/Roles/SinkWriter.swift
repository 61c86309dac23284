import Edge
import HTTPTypes
import Hummingbird
import NIOCore

/// Hands what a route writes to the edge.
struct SinkWriter<Sink: AnswerSink>: ResponseBodyWriter {
    let sink: Sink

    func write(_ buffer: ByteBuffer) async throws { try await sink.write(buffer) }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await sink.end(trailers: trailingHeaders) }
}
