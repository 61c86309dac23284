import HTTPSemantics
package import Hummingbird
import NIOCore

extension ProblemDocument {
    package var response: Response {
        Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: json)))
    }
}
