import NIOCore
import NIOPosix
import Synchronization

/// The system's resolver (`getaddrinfo`: hosts file, DNS).
///
/// The call blocks a thread of the dispatch pool and cannot be interrupted, so a cancelled lookup is abandoned and goes
/// on unseen; how many may be under way, abandoned ones included, is limited.
package final class SystemHostResolver: HostResolver {
    private let lookupsMax: Int
    private let lookups = Mutex(0)

    package init(lookupsMax: Int = 64) {
        self.lookupsMax = lookupsMax
    }

    package func addresses(of host: String) async throws(SourceError) -> [IPAddress] {
        let isAdmitted = lookups.withLock { count in
            guard count < lookupsMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw .overloaded }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let resolver = NIORandomizedDNSResolver(loop: loop)
        let version4 = resolver.initiateAQuery(host: host, port: 0)
        let lookup = resolver.initiateAAAAQuery(host: host, port: 0).and(version4).map { $0.0 + $0.1 }
        lookup.whenComplete { _ in self.lookups.withLock { $0 -= 1 } }
        let promise = loop.makePromise(of: [SocketAddress].self)
        lookup.cascade(to: promise)
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get().compactMap { $0.ipAddress.flatMap { IPAddress($0) } }
            } onCancel: {
                // The lookup's own result comes too late then and is ignored.
                promise.fail(CancellationError())
            }
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .unreachable
        }
    }
}
