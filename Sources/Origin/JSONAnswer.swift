package import HTTPTypes
package import Hummingbird
import NIOCore

/// Answers whose body is JSON text.
package enum JSONAnswer {
    package static func response(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
