package import HTTPTypes
package import NIOCore
package import NIOPosix
package import NIOSSL
import Synchronization

/// Talks HTTP/1.1 to any origin, peer or other Vitrine over bounded, kept connections.
///
/// An exchange costs one socket write and a few task wake-ups; the bytes of a body are never copied except to join
/// small parts. A response is delivered as complete only when its framing says so (RFC 9112 §6.3); whatever is
/// doubtful closes its connection. A request on a kept connection that dies before any byte of a response is repeated
/// once, on a new connection, if its method is idempotent and its body not streamed. All failures are `UpstreamError`.
/// Call `shutdown()` before the event loops end.
package final class UpstreamPool: Sendable {
    /// What a request that asked for a connection gets.
    enum Place: Sendable {
        case kept(UpstreamConnection)
        /// Leave to make a connection.
        case slot(ConnectionTable.ConnectionID)
        case failed(UpstreamError)
    }

    struct Waiting: Sendable {
        let continuation: CheckedContinuation<Place, Never>
        var timer: Scheduled<Void>?

        func resume(_ place: Place) {
            timer?.cancel()
            continuation.resume(returning: place)
        }
    }

    /// What has to be done outside the lock.
    struct Deeds: Sendable {
        var closing: [UpstreamConnection] = []
        var granted: [(Waiting, Place)] = []
    }

    struct State {
        var table: ConnectionTable
        var connections: [ConnectionTable.ConnectionID: UpstreamConnection] = [:]
        /// The requests that wait; each is resumed exactly once, after it has been taken out of here.
        var waiting: [ConnectionTable.Ticket: Waiting] = [:]
        var lastTicket: ConnectionTable.Ticket = 0
        var isShutDown = false
        var statistics = UpstreamStatistics()
    }

    package let limits: UpstreamLimits
    let group: any EventLoopGroup
    /// Made for the first target with TLS, unless it was configured: trusted authorities take time and memory.
    private let tls: Mutex<NIOSSLContext?>
    let resolver: (any Resolver & Sendable)?
    let state: Mutex<State>
    let bytesSent = Atomic<Int>(0)
    let bytesReceived = Atomic<Int>(0)

    /// A pool without connections.
    ///
    /// - Parameters:
    ///   - group: the event loops that connections are spread over.
    ///   - limits: bounds of the pool and of each exchange.
    ///   - tls: for targets with TLS; `nil` for the system's trusted authorities and full verification.
    ///   - resolver: looks names up; `nil` for the system's.
    /// - Throws: An `NIOSSLError` when the TLS configuration can't be used.
    package init(
        group: any EventLoopGroup,
        limits: UpstreamLimits = UpstreamLimits(),
        tls: TLSConfiguration? = nil,
        resolver: (any Resolver & Sendable)? = nil
    ) throws {
        self.group = group
        self.limits = limits
        self.tls = Mutex(try tls.map { try NIOSSLContext(configuration: $0) })
        self.resolver = resolver
        state = Mutex(State(table: ConnectionTable(limits: limits)))
    }

    /// Sends a request and returns when the head of the final response has arrived.
    ///
    /// The request line comes from method and path (origin form, or `*`), `Host` from the authority (without one, from
    /// the target). The fields are sent in their order, but framing is the pool's: `Content-Length`,
    /// `Transfer-Encoding` and `Host` among them are left out and written anew from `body`. Hop-by-hop fields are for
    /// the caller to remove; `Connection: close` is respected. With `Expect: 100-continue` the body waits for 100 or
    /// `timeouts.continuation`.
    ///
    /// - Parameters:
    ///   - request: what to ask for; CONNECT is refused.
    ///   - body: the request's content; `nil` for none.
    ///   - target: whom to ask.
    ///   - timeouts: how long the parts may take.
    ///   - onInformational: receives each interim (1xx) response in order, before the head is returned.
    /// - Returns: the response; its body is still coming.
    /// - Throws: An `UpstreamError`; `cancelled` when the task is.
    package func exchange(
        _ request: HTTPRequest,
        body: UpstreamRequestBody? = nil,
        to target: UpstreamTarget,
        timeouts: UpstreamTimeouts = UpstreamTimeouts(),
        onInformational: (@Sendable (HTTPResponse) async -> Void)? = nil
    ) async throws(UpstreamError) -> UpstreamResponse {
        state.withLock { $0.statistics.exchanges += 1 }
        do throws(UpstreamError) {
            let eventLoop = group.any()
            let job = ExchangeJob(
                request: try RequestEncoder.encode(request, body: body, target: target),
                body: body,
                isToHead: request.method == .head,
                timeouts: timeouts,
                deadline: timeouts.whole.map { eventLoop.now + $0 }
            )
            let mayRepeat = request.method.isIdempotent && body?.isStream != true
            return try await response(to: job, from: target, mayRepeat: mayRepeat, onInformational)
        } catch {
            exchangeFailed(error)
            throw error
        }
    }

    func tlsContext() throws -> NIOSSLContext {
        try tls.withLock { context in
            if let context { return context }
            let made = try NIOSSLContext(configuration: .makeClientConfiguration())
            context = made
            return made
        }
    }

    private func response(
        to job: ExchangeJob,
        from target: UpstreamTarget,
        mayRepeat: Bool,
        _ onInformational: (@Sendable (HTTPResponse) async -> Void)?
    ) async throws(UpstreamError) -> UpstreamResponse {
        var isRetried = false
        while true {
            let (connection, isReused) = try await connection(to: target, for: job, isFresh: isRetried)
            let mailbox = ResponseMailbox(unreadBytesMax: limits.unreadBodyBytes)
            connection.start(job, mailbox)
            do throws(UpstreamError) {
                let (head, framing) = try await Self.head(from: mailbox, onInformational)
                return UpstreamResponse(
                    head: head,
                    framing: framing,
                    body: UpstreamBody(reading: BodyReading(mailbox)),
                    isReusedConnection: isReused,
                    isRetried: isRetried
                )
            } catch {
                // RFC 9112 §9.3.1: a kept connection may have been closed while the request was on its way.
                guard isReused, mayRepeat, error == .closedBeforeHead(hasBegun: false) else { throw error }
                isRetried = true
                state.withLock { $0.statistics.retries += 1 }
            }
        }
    }

    private static func head(
        from mailbox: ResponseMailbox,
        _ onInformational: (@Sendable (HTTPResponse) async -> Void)?
    ) async throws(UpstreamError) -> (HTTPResponse, BodyFraming) {
        while true {
            switch await mailbox.next() {
            case .informational(let response): await onInformational?(response)
            case .head(let head, let framing): return (head, framing)
            case .failure(let error): throw error
            case .body, .end: preconditionFailure("a body before its head")
            }
        }
    }

    /// Figures since the pool was made.
    package var statistics: UpstreamStatistics {
        var statistics = state.withLock { state in
            var statistics = state.statistics
            statistics.connectionsOpen = state.table.count
            statistics.connectionsIdle = state.table.idleCount
            statistics.waiting = state.table.waitingCount
            return statistics
        }
        statistics.bytesSent = bytesSent.load(ordering: .relaxed)
        statistics.bytesReceived = bytesReceived.load(ordering: .relaxed)
        return statistics
    }

    /// Closes every connection and waits for it; exchanges under way and later ones fail.
    package func shutdown() async {
        let (connections, waiting) = state.withLock { state in
            state.isShutDown = true
            let waiting = state.waiting
            state.waiting = [:]
            state.table.abandonAll()
            return (Array(state.connections.values), waiting)
        }
        for request in waiting.values { request.resume(.failed(.shutDown)) }
        for connection in connections { connection.close() }
        // A connection that ends with an error is closed all the same.
        for connection in connections { try? await connection.channel.closeFuture.get() }
    }
}
