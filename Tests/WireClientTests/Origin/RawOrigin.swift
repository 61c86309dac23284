import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Wire

/// A server on a loopback port that does exactly what its scripts say, and keeps what it was sent.
final class RawOrigin: Sendable {
    private struct State {
        var accepted = 0
        var received: [Int: ByteBuffer] = [:]
    }

    private let state = Mutex(State())
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    private let scripts: [[Step]]
    /// Opens with each connection that has ended.
    let closed = Gate()

    /// The first connection gets the first script, and so on; the last script is for all others too.
    private init(_ scripts: [[Step]]) { self.scripts = scripts }

    static func with<Value>(
        _ scripts: [Step]...,
        tls: NIOSSLContext? = nil,
        _ body: (RawOrigin, UpstreamTarget) async throws -> Value
    ) async throws -> Value {
        try await with(scripts, tls: tls, body)
    }

    static func with<Value>(
        _ scripts: [[Step]],
        tls: NIOSSLContext? = nil,
        _ body: (RawOrigin, UpstreamTarget) async throws -> Value
    ) async throws -> Value {
        let origin = RawOrigin(scripts)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = origin.state.withLock { state in
                        defer { state.accepted += 1 }
                        return state.accepted
                    }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let script = origin.scripts[min(number, origin.scripts.count - 1)]
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(origin, number, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let target = UpstreamTarget(host: "127.0.0.1", port: listener.localAddress?.port ?? 0, isTLS: tls != nil)
        do {
            let value = try await body(origin, target)
            try await listener.close()
            return value
        } catch {
            try await listener.close()
            throw error
        }
    }

    var connectionCount: Int { state.withLock { $0.accepted } }

    /// Everything that came on a connection.
    func received(_ number: Int = 0) -> String {
        state.withLock { $0.received[number].map { String(buffer: $0) } ?? "" }
    }

    fileprivate func record(_ bytes: ByteBuffer, _ number: Int) {
        state.withLock { _ = $0.received[number, default: ByteBuffer()].writeImmutableBuffer(bytes) }
    }
}

/// Carries a script out.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let origin: RawOrigin
    private let number: Int
    private var steps: ArraySlice<Step>
    private var inbox = ByteBuffer()
    private var isWaiting = false
    private var full: Gate?
    private var endlessBytes = 0
    private var quiet: Scheduled<Void>?

    init(_ origin: RawOrigin, _ number: Int, _ steps: [Step]) {
        self.origin = origin
        self.number = number
        self.steps = steps[...]
    }

    func channelActive(context: ChannelHandlerContext) { advance(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        origin.record(bytes, number)
        inbox.writeBuffer(&bytes)
        advance(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { advance(context) }

    func channelInactive(context: ChannelHandlerContext) { origin.closed.open() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func advance(_ context: ChannelHandlerContext) {
        while !isWaiting, let step = steps.first {
            guard perform(step, context) else { return }
            if !steps.isEmpty { steps.removeFirst() }
        }
    }

    /// Returns whether the step is over.
    private func perform(_ step: Step, _ context: ChannelHandlerContext) -> Bool {
        switch step {
        case .receive(let text):
            return take(text)
        case .send(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .pieces(let bytes, let size):
            var rest = ByteBuffer(bytes: bytes)
            while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            }
        case .wait(let gate):
            isWaiting = true
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let eventLoop = context.eventLoop
            gate.whenOpen {
                eventLoop.execute {
                    let (handler, context) = bound.value
                    handler.isWaiting = false
                    handler.advance(context)
                }
            }
        case .open(let gate): gate.open()
        case .deaf: context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        case .full(let gate): full = gate
        case .endless(let text):
            // In blocks, so that a script does not keep the event loop busy.
            let block = String(repeating: text, count: max(1, 16_384 / text.utf8.count))
            sendEndlessly(ByteBuffer(string: block), context)
            return false
        case .close:
            context.close(promise: nil)
        case .reset:
            _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: nil)
        }
        return true
    }

    private func take(_ text: String) -> Bool {
        let marker = text.utf8
        for start in inbox.readableBytesView.indices where inbox.readableBytesView[start...].starts(with: marker) {
            inbox.moveReaderIndex(to: start + marker.count)
            return true
        }
        return false
    }

    private func sendEndlessly(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        while context.channel.isActive, context.channel.isWritable {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            endlessBytes += bytes.readableBytes
        }
        if endlessBytes > 1 << 26 { full?.open() }
        quiet?.cancel()
        if let full { quiet = context.eventLoop.scheduleTask(in: .milliseconds(100)) { full.open() } }
    }
}
