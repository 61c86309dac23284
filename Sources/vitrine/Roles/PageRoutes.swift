import Console
import Edge
import HTTPTypes
import Hummingbird
import Origin

/// The page for people, on the public listener of an origin without an edge in front.
struct PageRoutes {
    let files: PageFiles

    func add(to router: Router<OriginContext>) {
        for path in ConsoleAssets.all.map(\.path) + [PageFiles.statePath] {
            for method in [HTTPRequest.Method.get, .head] {
                router.on(RouterPath(path), method: method) { request, _ in
                    guard let answer = files.answer(request.head), let body = answer.whole else {
                        throw HTTPError(.notFound)
                    }
                    let hasBody = request.method == .get && answer.head.status != .notModified
                    return Response(
                        status: answer.head.status,
                        headers: answer.head.headerFields,
                        body: hasBody ? ResponseBody(byteBuffer: body) : ResponseBody()
                    )
                }
            }
        }
    }
}
