package import NIOCore

/// One client's connection: the only handler in its channel, from bytes to bytes.
///
/// It parses requests from the received buffer, shows each to the shortcut, and runs an exchange for those that the
/// shortcut leaves. Requests are answered one after the other, in their order: while an exchange is under way, or while
/// the client takes responses too slowly, further bytes wait unparsed and the socket rests.
///
/// Shortcuts use `write(_:)`, `persistence`, `nowMilliseconds` and the addresses; all else is the server's.
package final class ServerConnection: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// What the connection is about.
    enum Phase {
        /// Waits for a request, or has part of one.
        case head
        /// A handler answers.
        case exchange
        /// The last response is out; waits for the client's end.
        case lingering
        case closed
    }

    let loop: ServerLoop
    let head: RequestHead
    var context: ChannelHandlerContext?
    var phase = Phase.head
    /// Received bytes that wait: part of a head, or requests whose turn has not come.
    var pending = ByteBuffer()
    var exchange: OpenExchange?
    var isWritable = true
    var isParsing = false
    var isReadRequested = false
    var isInputClosed = false
    var isOutputClosed = false
    var needsFlush = false
    var times = ConnectionTimes()
    private let client: ClientAddress?
    private let refusal: Refusal?
    private var peerTextCache: String?

    /// Who the client is; `nil` for what has no address.
    package let remoteAddress: SocketAddress?
    /// What the response to the present request has to say of the connection's future.
    package private(set) var persistence = Persistence.implicit
    /// All bytes written to the channel since the connection began; a shortcut takes the difference for its log.
    package private(set) var bytesWritten: Int64 = 0

    init(loop: ServerLoop, remoteAddress: SocketAddress?) {
        self.loop = loop
        self.remoteAddress = remoteAddress
        head = RequestHead(limits: loop.scannerLimits)
        client = ClientAddress(remoteAddress)
        loop.counters.accepted.add(1)
        refusal = loop.ledger.enter(client)
    }

    // MARK: For shortcuts

    /// Milliseconds since 1970, as of the event that brought these bytes.
    @inline(__always)
    package var nowMilliseconds: Int64 { loop.wallMilliseconds }

    /// The client's IP address as text, made when it is first asked for; `-` if there is none.
    package var peerText: String {
        if let peerTextCache { return peerTextCache }
        let text = remoteAddress?.ipAddress ?? "-"
        peerTextCache = text
        return text
    }

    /// Queues bytes of a response; they go out together at the end of the event.
    @inline(__always)
    package func write(_ bytes: ByteBuffer) {
        guard let context else { return }
        let count = Int64(bytes.readableBytes)
        bytesWritten &+= count
        loop.counters.sent.add(count)
        needsFlush = true
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Makes this answer the last: to be called before the head is written, which then says `Connection: close`.
    package func closeAfterAnswer() { persistence = .close }

    /// Decides what the response says, from the request and the server's state.
    @inline(__always)
    func decidePersistence() {
        if head.keepsAlive, !loop.isDraining {
            persistence = head.isVersion11 ? .implicit : .explicit
        } else {
            persistence = .close
        }
    }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        if context.channel.isActive { begin(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard times.timer == nil, phase == .head else { return }
        times.begin(at: context.eventLoop.now)
        if let refusal {
            refuse(refusal, detail: "too many connections")
        } else {
            rearm()
        }
        requestRead()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        loop.readTime()
        loop.counters.received.add(Int64(bytes.readableBytes))
        times.note(bytes.readableBytes, at: context.eventLoop.now)
        switch phase {
        case .head:
            if pending.readableBytes > 0 {
                pending.writeBuffer(&bytes)
                parsePending()
            } else {
                parse(&bytes)
                if bytes.readableBytes > 0 { pending = bytes }
            }
        case .exchange:
            if pending.readableBytes > 0 {
                pending.writeBuffer(&bytes)
                bytes = pending
                pending = ByteBuffer()
            }
            if exchange?.body.isComplete == false { feed(&bytes) }
            if bytes.readableBytes > 0 { pending = bytes }
            checkDrain()
        case .lingering:
            times.discardedBytes += Int64(bytes.readableBytes)
            if times.discardedBytes > loop.limits.lingerBytes { cut() }
        case .closed:
            break
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        if needsFlush { flush() }
        if !head.isAtBeginning || phase != .head || !isWritable { rearm() }
        requestRead()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard isWritable else { return beginWindow() }
        exchange?.link.makeRoom()
        guard !isParsing, phase == .head else { return }
        loop.readTime()
        parsePending()
        if needsFlush { flush() }
        requestRead()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? ChannelEvent {
        case .inputClosed:
            inputClosed()
        case .outputClosed:
            isOutputClosed = true
            times.lingerStart = context.eventLoop.now
            rearm()
        case nil:
            context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What can go wrong with a socket is the client's going away: nothing to tell anybody.
        cut()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    private var isEnded = false

    private func end() {
        guard !isEnded else { return }
        isEnded = true
        phase = .closed
        times.timer?.cancel()
        times.timer = nil
        pending = ByteBuffer()
        exchange?.link.fail(.closed)
        exchange?.task?.cancel()
        exchange = nil
        loop.remove(self)
        loop.ledger.leave(client)
    }
}
