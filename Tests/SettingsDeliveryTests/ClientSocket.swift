import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A client that sends bytes as they are and waits for bytes, for text, or for the end.
final class ClientSocket: Sendable {
    private struct State {
        var received = ByteBuffer()
        var isEnded = false
        var waiters: [(isReady: @Sendable (ByteBuffer) -> Bool, resume: CheckedContinuation<Void, Never>)] = []
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let socket: ClientSocket

        init(_ socket: ClientSocket) { self.socket = socket }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            socket.change { $0.received.writeBuffer(&bytes) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { socket.change { $0.isEnded = true } }
        }

        func channelInactive(context: ChannelHandlerContext) { socket.change { $0.isEnded = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Mutex(State())
    private let channelBox = Mutex<(any Channel)?>(nil)

    private init() {}

    /// A connected client; without `receives` it does not read until `startReceiving()`.
    static func connect(
        _ address: SocketAddress,
        on group: MultiThreadedEventLoopGroup,
        receives: Bool = true
    ) async throws -> ClientSocket {
        let socket = ClientSocket()
        var bootstrap = ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: receives)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(socket))
                }
            }
        if !receives { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4_096) }
        let channel = try await bootstrap.connect(to: address).get()
        socket.channelBox.withLock { $0 = channel }
        return socket
    }

    private var channel: (any Channel)? { channelBox.withLock { $0 } }

    func send(_ text: String) { send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) { channel?.writeAndFlush(bytes, promise: nil) }

    /// Sends, and waits until the kernel has taken it.
    func sendFully(_ bytes: ByteBuffer) async throws { try await channel?.writeAndFlush(bytes).get() }

    func startReceiving() async throws { try await channel?.setOption(.autoRead, value: true).get() }

    func closeOutput() async throws { try await channel?.close(mode: .output).get() }

    /// Closes, so that the server gets a reset.
    func reset() async throws {
        guard let channel else { return }
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close().get()
    }

    func close() async { try? await channel?.close().get() }

    /// Everything so far.
    var bytes: [UInt8] { state.withLock { Array($0.received.readableBytesView) } }

    /// Everything so far, as text.
    var text: String { state.withLock { String(buffer: $0.received) } }

    var count: Int { state.withLock { $0.received.readableBytes } }

    /// Waits for a piece of text, or the end.
    @discardableResult
    func wait(for piece: String) async -> String {
        await wait { buffer in
            let bytes = Array(buffer.readableBytesView)
            let sought = Array(piece.utf8)
            guard bytes.count >= sought.count else { return false }
            return (0...bytes.count - sought.count).contains { bytes[$0..<$0 + sought.count].elementsEqual(sought) }
        }
        return text
    }

    /// Waits until so many bytes have come, or the end.
    func wait(forBytes count: Int) async { await wait { $0.readableBytes >= count } }

    /// Waits for the server's end; everything that came.
    @discardableResult
    func waitForEnd() async -> String {
        await wait { _ in false }
        return text
    }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    private func wait(until isReady: @escaping @Sendable (ByteBuffer) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isEnded || isReady(state.received) { return true }
                state.waiters.append((isReady, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            let (ended, received) = (state.isEnded, state.received)
            let ready = state.waiters.filter { ended || $0.isReady(received) }
            state.waiters.removeAll { ended || $0.isReady(received) }
            return ready.map(\.resume)
        }
        for continuation in ready { continuation.resume() }
    }
}
