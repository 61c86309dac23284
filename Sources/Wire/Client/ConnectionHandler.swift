import HTTPTypes
import NIOCore
import NIOTLS

/// The client's side of one HTTP/1.1 connection: one exchange at a time, and idle in between.
///
/// Runs on its event loop. Its parts: what it is asked to do is here, what comes in is in `+Receiving`, what goes out
/// in `+Sending`.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Upload {
        /// For `100 (Continue)`.
        case waiting
        case running
        case done
    }

    /// One exchange.
    struct Run {
        let job: ExchangeJob
        let mailbox: ResponseMailbox
        var parser: ResponseParser
        var upload = Upload.waiting
        var uploadTask: Task<Void, Never>?
        /// Whether any byte has come.
        var hasBegun = false
        /// Whether the final head has come.
        var hasHead = false
        /// Nobody reads the body any more: how many of its bytes may still come before the connection is closed.
        var drainBytesLeft: Int?
    }

    /// The end of a message, not told yet.
    struct Release {
        let mailbox: ResponseMailbox
        let trailers: HTTPFields?
    }

    let id: ConnectionTable.ConnectionID
    let host: any ConnectionHost
    let limits: UpstreamLimits
    let eventLoop: any EventLoop
    private let isTLS: Bool

    var context: ChannelHandlerContext?
    var run: Run?
    var received = ByteBuffer()
    /// Reading from the socket waits for the body's reader.
    var isPaused = false
    var hasHeldRead = false
    /// The message is complete; at the end of this read, if nothing more has come, the connection is given back.
    ///
    /// The reader learns of the end only then: its next request finds the connection in the pool.
    var releasing: Release?
    var deadlines = ExchangeDeadlines()
    /// How long the connection may be idle; less when the upstream has said that it keeps it for less.
    var idle: TimeAmount

    private var opened: Result<Void, UpstreamError>?
    private var whenOpened: ((Result<Void, UpstreamError>) -> Void)?
    /// Whether the pool knows of the connection.
    private var isAdopted = false
    private var timer: Scheduled<Void>?
    private var timerMoment: NIODeadline?

    init(
        id: ConnectionTable.ConnectionID,
        host: any ConnectionHost,
        limits: UpstreamLimits,
        isTLS: Bool,
        eventLoop: any EventLoop
    ) {
        self.id = id
        self.host = host
        self.limits = limits
        self.isTLS = isTLS
        self.eventLoop = eventLoop
        idle = limits.idle
    }

    // MARK: What the pool asks for

    /// Calls back once, when the handshakes are over or have failed.
    func whenOpen(_ callback: @escaping (Result<Void, UpstreamError>) -> Void) {
        if let opened { callback(opened) } else { whenOpened = callback }
    }

    /// From now on the pool is told how the connection fares.
    func adopt() { isAdopted = true }

    func start(_ job: ExchangeJob, _ mailbox: ResponseMailbox) {
        guard let context, context.channel.isActive, run == nil, releasing == nil else {
            _ = mailbox.offer(.failure(.closedBeforeHead(hasBegun: false)))
            context?.close(promise: nil)
            return
        }
        guard mailbox.connect(control(of: mailbox)) else {
            release()
            return
        }
        deadlines[.idle] = nil
        deadlines[.whole] = job.deadline
        run = Run(
            job: job,
            mailbox: mailbox,
            parser: ResponseParser(isToHead: job.isToHead, limits: limits)
        )
        sendHead(of: job, context)
        keepTime()
    }

    private func control(of mailbox: ResponseMailbox) -> ResponseMailbox.Control {
        let eventLoop = eventLoop
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        return ResponseMailbox.Control(
            resume: { eventLoop.execute { handler.value.resume(mailbox) } },
            abandon: { eventLoop.execute { handler.value.abandon(mailbox) } }
        )
    }

    private func resume(_ mailbox: ResponseMailbox) {
        guard let run, run.mailbox === mailbox, isPaused else { return }
        unpause()
        expectBody()
    }

    private func abandon(_ mailbox: ResponseMailbox) {
        guard var run, run.mailbox === mailbox else { return }
        let left = run.parser.bodyBytesLeft ?? 0
        guard run.hasHead, run.upload == .done, !run.parser.endsWithConnection, left <= limits.drainBytes else {
            fail(.cancelled)
            return
        }
        run.drainBytesLeft = limits.drainBytes
        self.run = run
        unpause()
        expectBody()
    }

    // MARK: The end of an exchange

    /// The exchange has failed, and with it the connection.
    func fail(_ error: UpstreamError) {
        guard let run = endRun() else { return }
        if run.hasHead, run.drainBytesLeft == nil { host.exchangeFailed(error) }
        _ = run.mailbox.offer(.failure(error))
        context?.close(promise: nil)
    }

    func endRun() -> Run? {
        guard let run else { return nil }
        self.run = nil
        run.uploadTask?.cancel()
        deadlines.removeAll()
        return run
    }

    func release() {
        deadlines[.idle] = eventLoop.now + idle
        keepTime()
        host.connectionReleased(id)
    }

    func unpause() {
        isPaused = false
        guard hasHeldRead else { return }
        hasHeldRead = false
        context?.read()
    }

    // MARK: Time

    /// Sees to it that the timer fires at the next deadline; one that has moved away costs nothing until then.
    func keepTime() {
        guard let next = deadlines.next else { return }
        if let timerMoment, timerMoment <= next { return }
        timer?.cancel()
        timerMoment = next
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        timerMoment = nil
        while let kind = deadlines.takeDue(at: eventLoop.now) {
            switch kind {
            case .whole: fail(.timedOut)
            case .request: fail(.requestStalled)
            case .continuation: beginUpload()
            case .head: fail(.headTimedOut)
            case .body: fail(.bodyStalled)
            case .idle: if host.connectionExpired(id) { context?.close(promise: nil) }
            }
        }
        keepTime()
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive, !isTLS { open(.success(())) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        open(.failure(.connectFailed(errno: nil)))
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if !isTLS { open(.success(())) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { open(.success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        open(.failure(isTLS ? .tlsFailed : .connectFailed(errno: nil)))
        connectionEnded()
        timer?.cancel()
        timer = nil
        deadlines.removeAll()
        if isAdopted {
            isAdopted = false
            host.connectionClosed(id)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        open(.failure(isTLS ? .tlsFailed : UpstreamError(connecting: error)))
        if let run { fail(run.hasHead ? .truncated : .closedBeforeHead(hasBegun: run.hasBegun)) }
        context.close(promise: nil)
    }

    private func open(_ result: Result<Void, UpstreamError>) {
        guard opened == nil else { return }
        opened = result
        whenOpened?(result)
        whenOpened = nil
    }
}
