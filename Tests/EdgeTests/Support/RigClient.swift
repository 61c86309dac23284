import NIOCore
import NIOPosix
import Synchronization

/// A client on one connection that sends bytes as they are and takes responses apart.
final class RigClient: Sendable {
    private struct State {
        var received: [UInt8] = []
        var isEnded = false
        var changes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let client: RigClient

        init(_ client: RigClient) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            client.change { $0.received += Array(bytes.readableBytesView) }
        }

        func channelInactive(context: ChannelHandlerContext) { client.change { $0.isEnded = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    private init() {}

    static func connect(_ address: SocketAddress, on group: MultiThreadedEventLoopGroup) async throws -> RigClient {
        let client = RigClient()
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(client))
                }
            }
            .connect(to: address).get()
        client.channel.withLock { $0 = channel }
        return client
    }

    func send(_ text: String) {
        channel.withLock { $0 }?.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func close() async {
        // A connection that the server has closed is as good.
        try? await channel.withLock { $0 }?.close().get()
    }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Bytes that came and were not taken yet.
    var receivedText: String { state.withLock { String(decoding: $0.received, as: UTF8.self) } }

    /// Sends a request and waits for its final answer.
    func exchange(_ text: String) async throws -> RigAnswer {
        send(text)
        return try await next(isToHead: text.hasPrefix("HEAD "))
    }

    /// Waits for the next final answer.
    func next(isToHead: Bool = false) async throws -> RigAnswer {
        while true {
            let (answer, isOver, seen) = state.withLock { state -> (RigAnswer?, Bool, Int) in
                while let (answer, taken) = RigAnswer.parse(
                    state.received,
                    isToHead: isToHead,
                    isEnded: state.isEnded
                ) {
                    state.received.removeFirst(taken)
                    if answer.status >= 200 { return (answer, false, 0) }
                }
                return (nil, state.isEnded, state.changes)
            }
            if let answer { return answer }
            if isOver { throw ChannelError.eof }
            await waitForChange(since: seen)
        }
    }

    /// Waits until the text received and not taken yet contains a piece, or the end.
    func wait(for piece: String) async {
        while true {
            let (text, isOver, seen) = state.withLock {
                (String(decoding: $0.received, as: UTF8.self), $0.isEnded, $0.changes)
            }
            if isOver || text.contains(piece) { return }
            await waitForChange(since: seen)
        }
    }

    private func waitForChange(since seen: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.changes == seen else { return true }
                state.waiter = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
