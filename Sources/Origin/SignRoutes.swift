import DeliveryTypes
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import Hummingbird

/// `POST /sign`: signs paths for holders of a token, so that a page or script needs no key.
struct SignRoutes {
    private struct Call: Decodable {
        var paths: [String]
        /// `img` (the default), `info`, or `originals` for paths of the form `/{id}?exp={seconds since 1970}`.
        var kind: String?
    }

    static let bodyBytesMax = 1 << 20
    static let pathsMax = 1_000

    private let parts: OriginParts

    init(_ parts: OriginParts) { self.parts = parts }

    func add(to router: Router<OriginContext>) {
        router.post("/sign") { request, _ in
            try parts.access.requireToken(request.head)
            return try await sign(request)
        }
    }

    private func sign(_ request: Request) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: Self.bodyBytesMax)
        let call: Call
        do {
            call = try JSONDecoder().decode(Call.self, from: Data(body.readableBytesView))
        } catch {
            let example = "{\"paths\": [\"/rs:fit:300:300/plain/original://ID@webp\"], \"kind\": \"img\"}"
            throw badCall("The body must be JSON: \(example).")
        }
        let kind = call.kind ?? "img"
        guard ["img", "info", "originals"].contains(kind) else {
            throw badCall("kind is \"img\", \"info\" or \"originals\".")
        }
        guard (1...Self.pathsMax).contains(call.paths.count), call.paths.allSatisfy({ $0.hasPrefix("/") }) else {
            throw badCall("paths holds 1 to \(Self.pathsMax) paths, each beginning with \"/\".")
        }
        let urls = call.paths.compactMap { path in
            guard kind == "originals" else { return parts.access.keyring.sign(path).map { "/\(kind)" + $0 } }
            return parts.access.keyring.signature(of: "/originals" + path).map { "/originals\(path)&signature=\($0)" }
        }.map(JSONText.quoted)
        guard urls.count == call.paths.count else { throw badCall("This server has no signature key.") }
        return JSONAnswer.response("{\"urls\":[" + urls.joined(separator: ",") + "]}\n")
    }

    private func badCall(_ detail: String) -> ProblemDocument {
        ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: detail)
    }
}
