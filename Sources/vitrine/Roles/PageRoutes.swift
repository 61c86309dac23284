import Console
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import Hummingbird
import NIOCore
import Origin

/// The page for people, on the public listener.
struct PageRoutes {
    let isUnsafe: Bool
    let negotiated: [ImageFormat]

    func add(to router: Router<OriginContext>) {
        for asset in ConsoleAssets.all {
            for method in [HTTPRequest.Method.get, .head] {
                router.on(RouterPath(asset.path), method: method) { request, _ in Self.response(asset, request) }
            }
        }
        router.get("/page/state") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: stateText))
            )
        }
    }

    private var stateText: String {
        let formats = ImageFormat.allCases.filter(\.isWritable).map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        return "{\"unsafe\":\(isUnsafe),\"version\":\"\(Vitrine.version)\",\"formats\":[\(formats)]}\n"
    }

    private static func response(_ asset: ConsoleAsset, _ request: Request) -> Response {
        var fields: HTTPFields = [
            .contentType: asset.mediaType, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: ConsoleAssets.contentSecurityPolicy,
        ]
        fields[.eTag] = asset.etag
        if ConditionalRequest(fields: request.headers, tag: EntityTag(quoted: asset.etag)) == .notModified {
            return Response(status: .notModified, headers: fields)
        }
        fields[.contentLength] = String(asset.bytes.count)
        let body = request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes))
        return Response(status: .ok, headers: fields, body: body)
    }
}
