import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// HTTP clients that connect to one checked address each, whatever the name resolves to by then.
///
/// The client's DNS override sends the connections for the host to the address, while TLS still asks for and verifies
/// the host's name. As a second lock, a connection whose peer is another address is closed before a request is
/// written. Clients keep their connections for reuse; the least recently used idle client is shut down when there are
/// more than `clientsMax`.
final class PinnedClients: Sendable {
    struct Limits: Sendable {
        var connectTimeout: Duration
        var idleTimeout: Duration
        var keepAlive: Duration
        var connectionsPerHostMax: Int
        var clientsMax: Int
    }

    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse: UInt64 = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses: UInt64 = 0
        var isShutDown = false
    }

    private let limits: Limits
    private let tls: TLSConfiguration?
    private let state = Mutex(State())

    init(limits: Limits, tls: TLSConfiguration?) {
        self.limits = limits
        self.tls = tls
    }

    /// Runs `body` with the client that connects `host` to `address`, and keeps it alive meanwhile.
    ///
    /// - Throws: what `body` throws; `SourceError.cancelled` after `shutdown`.
    func withClient<Value: Sendable>(
        host: String,
        address: IPAddress,
        _ body: (HTTPClient) async throws(SourceError) -> Value
    ) async throws(SourceError) -> Value {
        let key = Key(host: host, address: address)
        guard let client = lease(key) else { throw .cancelled }
        do throws(SourceError) {
            let value = try await body(client)
            await giveBack(key)
            return value
        } catch {
            await giveBack(key)
            throw error
        }
    }

    /// Closes idle connections and those of running requests; later requests fail.
    func shutdown() async {
        let clients = state.withLock { state in
            state.isShutDown = true
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { await Self.end(client) }
    }

    private func lease(_ key: Key) -> HTTPClient? {
        state.withLock { state in
            guard !state.isShutDown else { return nil }
            state.uses += 1
            // A new client only allocates: it connects, and loads certificates, when it is used.
            var entry = state.entries[key] ?? Entry(client: makeClient(key))
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return entry.client
        }
    }

    private func giveBack(_ key: Key) async {
        let evicted = state.withLock { state in
            state.entries[key]?.users -= 1
            var evicted: [HTTPClient] = []
            while state.entries.count > limits.clientsMax {
                let idle = state.entries.filter { $0.value.users == 0 }
                guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
                evicted.append(oldest.value.client)
                state.entries[oldest.key] = nil
            }
            return evicted
        }
        for client in evicted { await Self.end(client) }
    }

    private func makeClient(_ key: Key) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .init(limits.connectTimeout), read: .init(limits.idleTimeout)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.idleTimeout = .init(limits.keepAlive)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsPerHostMax
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = [key.host: key.address.description]
        configuration.http1_1ConnectionDebugInitializer = { channel in
            guard let peer = channel.remoteAddress?.ipAddress, IPAddress(peer) == key.address else {
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(SourceError.notAllowed("the source moved while connecting"))
            }
            return channel.eventLoop.makeCompletedFuture { try StatusCheck.add(to: channel) }
        }
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    private static func end(_ client: HTTPClient) async {
        // It can only fail by being shut down already.
        try? await client.shutdown()
    }
}
