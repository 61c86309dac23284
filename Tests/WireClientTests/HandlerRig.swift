import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization

@testable import Wire

/// A connection handler on a channel and with a clock that the test moves.
struct HandlerRig: Sendable {
    /// Counts what a connection tells its pool.
    final class Host: ConnectionHost {
        let released = Gate()
        let closed = Gate()
        let failures = Mutex<[UpstreamError]>([])

        func connectionReleased(_ id: ConnectionTable.ConnectionID) { released.open() }
        func connectionClosed(_ id: ConnectionTable.ConnectionID) { closed.open() }
        func connectionExpired(_ id: ConnectionTable.ConnectionID) -> Bool { true }
        func exchangeFailed(_ error: UpstreamError) { failures.withLock { $0.append(error) } }
        func transferred(sent: Int, received: Int) {}
    }

    static let get = "GET / HTTP/1.1\r\nHost: site.test\r\n\r\n"

    let host = Host()
    let channel = NIOAsyncTestingChannel()
    private let connection: UpstreamConnection

    init(limits: UpstreamLimits = UpstreamLimits()) async throws {
        let channel = channel
        let host = host
        let loop = channel.testingEventLoop
        let handler = try await loop.executeInContext {
            let handler = ConnectionHandler(id: 1, host: host, limits: limits, isTLS: false, eventLoop: loop)
            try channel.pipeline.syncOperations.addHandler(handler)
            handler.adopt()
            return NIOLoopBound(handler, eventLoop: loop)
        }
        connection = UpstreamConnection(id: 1, channel: channel, handler: handler)
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).get()
    }

    /// Sends a request.
    func start(
        _ request: HTTPRequest = .test(),
        body: UpstreamRequestBody? = nil,
        timeouts: UpstreamTimeouts,
        unreadBytesMax: Int = 1 << 20
    ) async throws -> ResponseMailbox {
        let target = UpstreamTarget(host: "site.test", port: 80)
        let job = ExchangeJob(
            request: try RequestEncoder.encode(request, body: body, target: target),
            body: body,
            isToHead: request.method == .head,
            timeouts: timeouts,
            deadline: timeouts.whole.map { channel.testingEventLoop.now + $0 }
        )
        let mailbox = ResponseMailbox(unreadBytesMax: unreadBytesMax)
        connection.start(job, mailbox)
        await channel.testingEventLoop.run()
        return mailbox
    }

    func receive(_ text: String) async throws { try await channel.writeInbound(ByteBuffer(string: text)) }

    func pass(_ time: TimeAmount) async { await channel.testingEventLoop.advanceTime(by: time) }

    /// Lets the event loop do what it has been given.
    func settle() async { await channel.testingEventLoop.run() }

    /// Everything sent since the last call.
    func sent() async throws -> String {
        var text = ""
        while let part = try await channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }

    var isOpen: Bool { channel.isActive }
}

extension ResponseQueue.Event {
    /// One word for it.
    var text: String {
        switch self {
        case .informational(let response): "interim \(response.status.code)"
        case .head(let head, _): "head \(head.status.code)"
        case .body(let part): "body \(String(buffer: part))"
        case .end: "end"
        case .failure(let error): error.detail
        }
    }
}
