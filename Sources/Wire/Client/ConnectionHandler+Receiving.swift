import HTTPTypes
import NIOCore

extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        host.transferred(sent: 0, received: bytes.readableBytes)
        guard run != nil else {
            // Nothing was asked, or the message has been complete: what comes now belongs to no request.
            endRelease()
            context.close(promise: nil)
            return
        }
        run?.hasBegun = true
        if received.readableBytes == 0 {
            received = bytes
        } else {
            received.writeBuffer(&bytes)
        }
        parse()
        if run == nil || received.readableBytes == 0 { received = ByteBuffer() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if releasing != nil {
            release()
            endRelease()
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused {
            hasHeldRead = true
        } else {
            context.read()
        }
    }

    /// The connection has ended, in good order as far as the socket says.
    func connectionEnded() {
        endRelease()
        guard var run else { return }
        do throws(UpstreamError) {
            // An upload that is not through does not matter: the response is complete.
            if case .end(let trailers)? = try run.parser.close(hasBegun: run.hasBegun) {
                _ = endRun()
                run.mailbox.finish(trailers: trailers)
            }
        } catch {
            fail(error)
        }
    }

    private func parse() {
        while true {
            do throws(UpstreamError) {
                guard let event = try run?.parser.next(&received) else { return }
                handle(event)
            } catch {
                fail(error)
                return
            }
        }
    }

    private func handle(_ event: ResponseParser.Event) {
        guard let run else { return }
        switch event {
        case .informational(let response):
            _ = run.mailbox.offer(.informational(response))
            if run.upload == .waiting, response.status.code == 100 { beginUpload() }
            if deadlines[.head] != nil { deadlines[.head] = eventLoop.now + run.job.timeouts.head }
        case .head(let response, let framing):
            self.run?.hasHead = true
            deadlines[.head] = nil
            // A final answer instead of 100: the body stays here, and the connection can't be used again.
            deadlines[.continuation] = nil
            expectBody()
            _ = run.mailbox.offer(.head(response, framing))
        case .body(let part): handle(part, of: run)
        case .end(let trailers): complete(trailers)
        }
    }

    private func handle(_ part: ByteBuffer, of run: Run) {
        expectBody()
        if let left = run.drainBytesLeft {
            self.run?.drainBytesLeft = left - part.readableBytes
            if part.readableBytes > left { fail(.cancelled) }
        } else if run.mailbox.offer(.body(part)) {
            isPaused = true
            deadlines[.body] = nil
        }
    }

    /// Begins the time in which the next piece of the body has to come.
    ///
    /// There is none while the reader is slow, nor while the upstream may wait for the rest of the request.
    func expectBody() {
        guard let run, run.hasHead, !isPaused, run.upload != .running else { return }
        deadlines[.body] = eventLoop.now + run.job.timeouts.stall
        keepTime()
    }

    private func complete(_ trailers: HTTPFields?) {
        guard let run = endRun() else { return }
        let isReusable =
            run.parser.keepsAlive && run.upload == .done && !run.job.request.isLast && received.readableBytes == 0
        unpause()
        if let seconds = run.parser.idleSeconds {
            // A second less: a request must not be on its way when the upstream closes.
            idle = min(limits.idle, .seconds(max(seconds - 1, 0)))
        }
        if isReusable {
            releasing = Release(mailbox: run.mailbox, trailers: trailers)
        } else {
            run.mailbox.finish(trailers: trailers)
            context?.close(promise: nil)
        }
    }

    private func endRelease() {
        guard let releasing else { return }
        self.releasing = nil
        releasing.mailbox.finish(trailers: releasing.trailers)
    }
}
