import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

/// The public listener of a process without a role for it.
struct RefusingHandler: RequestHandler {
    func handle(_ exchange: Exchange) async {
        let problem = ProblemDocument(
            "not-found",
            status: .notFound,
            title: "Not found",
            detail: "This process has no role that answers here."
        )
        // A client that has gone has nobody to tell.
        try? await exchange.respond(
            HTTPResponse(status: problem.status, headerFields: problem.fields),
            body: ByteBuffer(string: problem.json)
        )
    }
}
