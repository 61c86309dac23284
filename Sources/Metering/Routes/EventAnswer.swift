import HTTPSemantics
package import HTTPTypes
package import NIOCore

/// The whole answer to a request with events.
package struct EventAnswer: Sendable {
    package var head: HTTPResponse
    /// Not sent after HEAD.
    package var body: ByteBuffer

    init(_ status: HTTPResponse.Status, mediaType: String, body: [UInt8]) {
        let fields: HTTPFields = [
            .contentType: mediaType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        head = HTTPResponse(status: status, headerFields: fields)
        self.body = ByteBuffer(bytes: body)
    }

    init(_ problem: IntakeProblem) {
        let document = problem.document
        head = HTTPResponse(status: document.status, headerFields: document.fields)
        switch problem {
        case .method(let allowed): head.headerFields[.allow] = allowed
        case .contentCoding: head.headerFields[.acceptEncoding] = "gzip, zstd"
        default: break
        }
        body = ByteBuffer(string: document.json)
    }

    /// 202 with what became of the events; 400 as a problem document when all were refused.
    init(_ batch: EventBatch) {
        var text: [UInt8] = []
        let figures = "\"accepted\":\(batch.accepted),\"refused\":\(batch.refused),\"events\":["
        guard batch.accepted > 0 || batch.refused == 0 else {
            let document = ProblemDocument(
                "events-refused",
                status: .badRequest,
                title: "No event is valid",
                detail: "All events were refused; \"events\" says why. Sending the same again does not help."
            )
            // The document's members, and those that RFC 9457 §3.2 lets a problem have besides.
            text += document.json.dropLast(2).utf8
            text += ("," + figures).utf8
            Self.append(batch.verdicts, to: &text)
            self.init(document.status, mediaType: "application/problem+json", body: text)
            return
        }
        text += ("{" + figures).utf8
        Self.append(batch.verdicts, to: &text)
        self.init(.accepted, mediaType: "application/json", body: text)
    }

    private static func append(_ verdicts: [EventVerdict], to text: inout [UInt8]) {
        for (place, verdict) in verdicts.enumerated() {
            text += "\(place > 0 ? "," : ""){\"index\":\(verdict.index),\"id\":".utf8
            if let id = verdict.id { EventJSON.append(id, to: &text) } else { text += "null".utf8 }
            if let fault = verdict.fault {
                text += ",\"verdict\":\"refused\",\"code\":\"\(fault.code.rawValue)\",\"reason\":".utf8
                EventJSON.append(fault.reason, to: &text)
            } else {
                text += ",\"verdict\":\"accepted\"".utf8
            }
            text.append(UInt8(ascii: "}"))
        }
        text += "]}\n".utf8
    }
}
