import Edge
import Hummingbird
import Origin

/// The edge's part of the admin listener: purging, and what the page shows.
struct EdgeAdminRoutes {
    let access: AccessPolicy
    let desk: PurgeDesk
    let state: @Sendable () -> String

    func add(to router: Router<OriginContext>) {
        router.post("/admin/purge") { request, _ in
            try access.requireToken(request.head)
            // Too large, or broken off: wrong either way.
            guard let body = try? await request.body.collect(upTo: PurgeOrder.bodyBytesMax) else {
                throw PurgeOrder.bad("The body has at most \(PurgeOrder.bodyBytesMax) bytes.")
            }
            return JSONAnswer.response(try await desk.answer(body, author: "admin"))
        }
        router.get("/admin/edge") { request, _ in
            try access.requireToken(request.head)
            return JSONAnswer.response(state())
        }
    }
}
