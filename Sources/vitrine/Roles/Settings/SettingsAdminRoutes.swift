import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Origin

/// Settings on the admin listener, for holders of a token; `SettingsAnswerDesk` lists the paths.
struct SettingsAdminRoutes {
    let access: AccessPolicy
    let desk: SettingsAnswerDesk

    func add(to router: Router<OriginContext>) {
        for path in ["/admin/settings", "/admin/settings/**", "/admin/pictures/**", "/admin/shadow"] {
            for method in [HTTPRequest.Method.get, .post, .put, .delete] {
                router.on(RouterPath(path), method: method) { request, _ in try await answer(request) }
            }
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        try access.requireToken(request.head)
        let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        // Too large, or broken off: wrong either way.
        guard declared <= SettingsAnswerDesk.bodyBytesMax,
            let body = try? await request.body.collect(upTo: SettingsAnswerDesk.bodyBytesMax)
        else {
            throw ProblemDocument(
                "body",
                status: .contentTooLarge,
                title: "Body too large",
                detail: "The body is incomplete, or has more than \(SettingsAnswerDesk.bodyBytesMax) bytes."
            )
        }
        let bytes = Array(body.readableBytesView)
        guard let answer = try await desk.answer(request.method, request.head.path ?? "/", bytes, author: "admin")
        else { throw HTTPError(.notFound) }
        var fields: HTTPFields = [.contentType: answer.mediaType, .cacheControl: "no-store"]
        fields[.allow] = answer.allow
        return Response(
            status: answer.status,
            headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
}
