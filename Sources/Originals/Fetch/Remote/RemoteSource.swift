import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Fetches pictures from web servers that nobody vouches for.
///
/// Every hop of a redirect is a new start: the URL is read strictly, looked up in the allow-list, resolved here, and
/// all its addresses have to pass the guard; then the connection goes to one of exactly these addresses. Nothing of
/// the caller's request is passed on: no cookies, no authorization, no header fields.
final class RemoteSource: Sendable {
    private enum Answer: Sendable {
        case complete(SourceFacts)
        case redirect(String)
    }

    private let configuration: RemoteConfiguration
    private let allowed: SourceAllowList
    private let resolver: any HostResolver
    private let clients: PinnedClients

    init(configuration: RemoteConfiguration, allowed: SourceAllowList, resolver: any HostResolver) {
        self.configuration = configuration
        self.allowed = allowed
        self.resolver = resolver
        clients = PinnedClients(
            limits: PinnedClients.Limits(
                connectTimeout: configuration.connectTimeout,
                idleTimeout: configuration.idleTimeout,
                keepAlive: configuration.keepAlive,
                connectionsPerHostMax: configuration.connectionsPerHostMax,
                clientsMax: configuration.hostsMax
            ),
            tls: configuration.tls
        )
    }

    func shutdown() async {
        await clients.shutdown()
    }

    /// Streams the picture's bytes into `receive`; after an error, what was received is worthless.
    func fetch(
        _ text: String,
        limits: FetchLimits,
        receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> SourceFacts {
        var url = try SourceURL(text)
        for _ in 0...configuration.redirectsMax {
            guard allowed.allows(url) else { throw .notAllowed("the source is not in the allow-list") }
            switch try await request(url, limits, receive) {
            case .complete(let facts): return facts
            case .redirect(let location):
                let next: SourceURL
                do throws(SourceError) {
                    next = try url.following(location)
                } catch .malformed {
                    // The origin's fault, not that of whoever asked.
                    throw .broken("the source redirects to what is no address")
                }
                guard url.scheme == next.scheme || next.scheme == .https || configuration.allowsDowngrade else {
                    throw .notAllowed("the source redirects from https to http")
                }
                url = next
            }
        }
        throw .tooManyRedirects(limit: configuration.redirectsMax)
    }

    /// Tries the host's addresses one after the other until one accepts the connection.
    private func request(
        _ url: SourceURL,
        _ limits: FetchLimits,
        _ receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> Answer {
        var failure = SourceError.unreachable
        for address in try await checkedAddresses(of: url).prefix(configuration.addressesMax) {
            do throws(SourceError) {
                let host = url.hostText
                return try await clients.withClient(host: host, address: address) { client throws(SourceError) in
                    let response = try await self.head(client, url, limits)
                    return try await self.answer(response, limits, receive)
                }
            } catch .unreachable {
                failure = .unreachable
            } catch .timedOut(.connect) {
                failure = .timedOut(.connect)
            }
        }
        throw failure
    }

    /// In numeric order, IPv4 first, so that equal answers of DNS lead to the same connections.
    private func checkedAddresses(of url: SourceURL) async throws(SourceError) -> [IPAddress] {
        let addresses: [IPAddress]
        switch url.host {
        case .address(let address): addresses = [address]
        case .name(let name): addresses = try await resolver.addresses(of: name)
        }
        guard addresses.allSatisfy(configuration.addresses.permits) else {
            throw .notAllowed("the source's address is not allowed")
        }
        guard !addresses.isEmpty else { throw .unreachable }
        return Set(addresses).sorted { $0.order < $1.order }
    }

    /// The response's head.
    ///
    /// A kept connection may break just when it is used again, so a request that meets one is sent once more.
    private func head(
        _ client: HTTPClient,
        _ url: SourceURL,
        _ limits: FetchLimits
    ) async throws(SourceError) -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url.description)
        request.headers.add(name: "user-agent", value: configuration.userAgent)
        request.headers.add(name: "accept", value: "*/*")
        request.headers.add(name: "accept-encoding", value: "identity")
        var isRepeated = false
        while true {
            do {
                return try await client.execute(request, timeout: TimeAmount(limits.deadline))
            } catch {
                let failure = SourceError(transport: error, isAfterHead: false)
                guard !isRepeated, failure == .closedEarly || failure == .unreachable else { throw failure }
                isRepeated = true
            }
        }
    }

    private func answer(
        _ response: HTTPClientResponse,
        _ limits: FetchLimits,
        _ receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> Answer {
        let meaning = try RemoteResponse(
            status: Int(response.status.code),
            headers: response.headers,
            bytesMax: limits.bytesMax,
            headerBytesMax: configuration.headerBytesMax
        )
        switch meaning {
        case .redirect(let location): return .redirect(location)
        case .picture(let facts, let length):
            let received = try await stream(response.body, limits, receive)
            guard length == nil || length == received else {
                throw .broken("the source sent fewer bytes than it declared")
            }
            return .complete(facts)
        }
    }

    private func stream(
        _ body: HTTPClientResponse.Body,
        _ limits: FetchLimits,
        _ receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> Int {
        var received = 0
        do {
            for try await piece in body {
                received += piece.readableBytes
                guard received <= limits.bytesMax else { throw SourceError.tooLarge(limit: limits.bytesMax) }
                try receive(piece)
            }
        } catch {
            throw SourceError(transport: error, isAfterHead: true)
        }
        // A cancelled body ends as if it were complete.
        guard !Task.isCancelled else { throw .cancelled }
        return received
    }
}

extension IPAddress {
    fileprivate var order: (Int, UInt128) {
        switch self {
        case .v4(let value): (4, UInt128(value))
        case .v6(let value): (6, value)
        }
    }
}
