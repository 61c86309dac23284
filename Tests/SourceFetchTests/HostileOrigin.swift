import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A web server on a loopback address of its own that answers each path as its script says, byte for byte.
struct HostileOrigin: Sendable {
    /// Gets the connection and the request's head as text, and writes what it likes.
    typealias Script = @Sendable (any Channel, String) -> Void

    struct Counts {
        var connections = 0
        var open = 0
        /// Request heads, in order.
        var requests: [String] = []
    }

    final class Recorder: Sendable {
        private let counts = Mutex(Counts())

        var current: Counts { counts.withLock { $0 } }

        func note(_ change: (inout Counts) -> Void) { counts.withLock { change(&$0) } }
    }

    /// Only this address is excepted from the guard; 127.0.0.1 stays refused.
    static let address = "127.8.8.8"

    let port: Int
    private let recorder: Recorder

    var counts: Counts { recorder.current }
    var url: String { "http://\(Self.address):\(port)" }

    /// Runs an origin while `body` runs; a path without a script is answered 404.
    static func run(
        _ scripts: [String: Script],
        tls: TLSConfiguration? = nil,
        _ body: (HostileOrigin) async throws -> Void
    ) async throws {
        let recorder = Recorder()
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let pipeline = child.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.addHandler(Player(scripts: scripts, recorder: recorder))
                }
            }
            .bind(host: address, port: 0).get()
        let origin = HostileOrigin(port: channel.localAddress?.port ?? 0, recorder: recorder)
        do {
            try await body(origin)
            try await channel.close()
        } catch {
            try await channel.close()
            throw error
        }
    }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let scripts: [String: Script]
        private let recorder: Recorder
        private var received = ""

        init(scripts: [String: Script], recorder: Recorder) {
            self.scripts = scripts
            self.recorder = recorder
        }

        func channelActive(context: ChannelHandlerContext) {
            recorder.note {
                $0.connections += 1
                $0.open += 1
            }
            context.fireChannelActive()
        }

        func channelInactive(context: ChannelHandlerContext) {
            recorder.note { $0.open -= 1 }
            context.fireChannelInactive()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard let end = received.firstRange(of: "\r\n\r\n") else { return }
            let head = String(received[..<end.lowerBound])
            received = String(received[end.upperBound...])
            recorder.note { $0.requests.append(head) }
            let path = String(head.split(separator: " ").dropFirst().first ?? "")
            let script = scripts[path] ?? Scripts.close("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            script(context.channel, head)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

/// What an origin can do to its client.
enum Scripts {
    /// Sends the text and leaves the connection open.
    static func send(_ text: String) -> HostileOrigin.Script {
        { channel, _ in channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    }

    /// Sends the text and closes.
    static func close(_ text: String) -> HostileOrigin.Script {
        { channel, _ in
            channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    /// A whole answer with a body and its right length; the connection stays open.
    static func picture(_ body: String, fields: String = "") -> HostileOrigin.Script {
        send("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    static func redirect(to location: String, status: Int = 302) -> HostileOrigin.Script {
        send("HTTP/1.1 \(status) Moved\r\nlocation: \(location)\r\ncontent-length: 0\r\n\r\n")
    }

    /// Says nothing.
    static let hang: HostileOrigin.Script = { _, _ in }

    /// Sends the text, then the same piece again and again as fast as it is taken.
    ///
    /// Pieces should be large: the loop that they fill the socket's buffer on does nothing else meanwhile.
    static func endless(_ text: String, piece: String) -> HostileOrigin.Script {
        { channel, _ in
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            repeatedly(ByteBuffer(string: piece), on: channel)
        }
    }

    /// Sends the text, then the piece every five milliseconds.
    static func drip(_ text: String, piece: String) -> HostileOrigin.Script {
        { channel, _ in
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { _ in
                channel.writeAndFlush(ByteBuffer(string: piece), promise: nil)
            }
            channel.closeFuture.whenComplete { _ in task.cancel() }
        }
    }

    private static func repeatedly(_ piece: ByteBuffer, on channel: any Channel) {
        channel.writeAndFlush(piece).whenSuccess {
            // Not from here: a write that succeeds at once would call itself ever deeper.
            channel.eventLoop.execute { repeatedly(piece, on: channel) }
        }
    }
}
