import NIOCore
import NIOPosix

/// Finds every name at 127.0.0.1, but for `nowhere.test`, which it does not find.
struct LoopbackResolver: Resolver, Sendable {
    struct NotFound: Error {}

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        return eventLoop.makeCompletedFuture {
            if host == "nowhere.test" { throw NotFound() }
            return [try SocketAddress(ipAddress: "127.0.0.1", port: port)]
        }
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        MultiThreadedEventLoopGroup.singleton.any().makeSucceededFuture([])
    }

    func cancelQueries() {}
}
