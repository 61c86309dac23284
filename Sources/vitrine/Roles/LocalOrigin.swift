import Edge
import HTTPSemantics
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Origin
import Wire

/// The origin role in this process as the edge's upstream: no socket in between.
struct LocalOrigin: OriginConnector {
    let responder: RouterResponder<OriginContext>
    let logger: Logger

    func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure) {
        do {
            let content = body.map { RequestBody(asyncSequence: IncomingBody(content: $0.content)) }
            var response = try await responder.respond(
                to: Request(head: request, body: content ?? RequestBody(buffer: ByteBuffer())),
                context: OriginContext(source: OriginContext.Source(logger: logger))
            )
            if let length = response.body.contentLength, !response.headers.contains(.contentLength),
                response.status != .noContent, response.status != .notModified, request.method != .head
            {
                response.headers[.contentLength] = String(length)
            }
            response.headers[.server] = "vitrine"
            try await sink.begin(response.head)
            try await response.body.write(SinkWriter(sink: sink))
        } catch let failure as EdgeFailure {
            throw failure
        } catch is CancellationError {
            throw .abandoned
        } catch {
            throw .originFailed
        }
    }
}
