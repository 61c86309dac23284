import Hummingbird
import NIOCore

/// The answer to an upload that is not taken while its body may still be arriving.
///
/// The answer is written, then only the sending half of the connection is closed, and after a moment all of it: a
/// client that goes on sending gets to read the answer first, but cannot keep the connection.
enum RefusedUpload {
    static let lingering = TimeAmount.seconds(2)

    static func response(_ failure: OriginFailure, channel: any Channel) -> Response {
        var response = failure.problem.response
        let document = ByteBuffer(string: failure.problem.json)
        response.headers[.connection] = "close"
        response.body = ResponseBody(contentLength: document.readableBytes) { writer in
            try await writer.write(document)
            try await writer.finish(nil)
            channel.eventLoop.scheduleTask(in: lingering) { channel.close(promise: nil) }
        }
        return response
    }
}
