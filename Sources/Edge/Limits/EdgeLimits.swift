package import Fleet
import Synchronization

/// How many requests that cost the upstream something each client and each tenant may make.
///
/// Hits are free: they are never refused here. A tenant is the host that is asked for.
package final class EdgeLimits: Sendable {
    private final class Buckets: Sendable {
        let table: Mutex<TokenBuckets>

        init(_ policy: RatePolicy) { table = Mutex(TokenBuckets(policy: policy)) }
    }

    private let clients: Buckets?
    private let tenants: Buckets?

    /// - Parameters: `nil` for no limit.
    package init(client: RatePolicy?, tenant: RatePolicy?) {
        clients = client.map { Buckets($0) }
        tenants = tenant.map { Buckets($0) }
    }

    /// Takes one request's token of both.
    ///
    /// - Throws: `EdgeFailure.tooManyRequests` with the time to wait.
    func take(client address: String, tenant: String, nowMilliseconds: Int64) throws(EdgeFailure) {
        if let clients, let network = NetworkAddress(address) {
            let decision = clients.table.withLock { $0.take(RateKey(client: network), at: nowMilliseconds) }
            if case .refused(let seconds) = decision { throw .tooManyRequests(retryAfterSeconds: seconds) }
        }
        if let tenants {
            let decision = tenants.table.withLock { $0.take(.tenant(tenant), at: nowMilliseconds) }
            if case .refused(let seconds) = decision { throw .tooManyRequests(retryAfterSeconds: seconds) }
        }
    }
}
