import NIOCore

extension ConnectionHandler {
    /// Bytes of a body in memory that are written at a time; the upstream may take `stall` for each piece.
    private static let pieceBytes = 256 * 1_024

    func sendHead(of job: ExchangeJob, _ context: ChannelHandlerContext) {
        let head = job.request.head
        host.transferred(sent: head.readableBytes, received: 0)
        context.write(wrapOutboundOut(head), promise: nil)
        if job.body == nil {
            uploadEnded()
        } else if job.request.expectsContinue {
            deadlines[.continuation] = eventLoop.now + job.timeouts.continuation
        } else {
            beginUpload()
        }
        context.flush()
    }

    func beginUpload() {
        guard var run, run.upload == .waiting, !run.hasHead, let context else { return }
        run.upload = .running
        deadlines[.continuation] = nil
        switch run.job.body?.content {
        case nil: break
        case .bytes(let bytes):
            self.run = run
            send(bytes, run, context)
            return
        case .stream(let length, let pump):
            let connection = UpstreamConnection(
                id: id,
                channel: context.channel,
                handler: NIOLoopBound(self, eventLoop: eventLoop)
            )
            let mailbox = run.mailbox
            // Nobody waits for it: it ends by itself, or is cancelled with its exchange in `endRun`.
            run.uploadTask = Task { await connection.pump(pump, length: length, mailbox) }
        }
        self.run = run
    }

    /// Writes one part of a streamed body; fulfils the promise when the socket has taken it.
    func upload(_ part: ByteBuffer, _ mailbox: ResponseMailbox, _ written: EventLoopPromise<Void>) {
        guard let run, run.mailbox === mailbox, let context else {
            written.fail(UpstreamError.cancelled)
            return
        }
        deadlines[.request] = eventLoop.now + run.job.timeouts.stall
        keepTime()
        written.futureResult.assumeIsolated().whenSuccess {
            if self.run?.mailbox === mailbox { self.deadlines[.request] = nil }
        }
        host.transferred(sent: part.readableBytes, received: 0)
        guard run.isChunked else {
            context.writeAndFlush(wrapOutboundOut(part), promise: written)
            return
        }
        var size = context.channel.allocator.buffer(capacity: 18)
        size.writeChunkSize(part.readableBytes)
        context.write(wrapOutboundOut(size), promise: nil)
        context.write(wrapOutboundOut(part), promise: nil)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "\r\n")), promise: written)
    }

    /// The source of a streamed body has ended.
    func endUpload(_ mailbox: ResponseMailbox, isComplete: Bool) {
        guard let run, run.mailbox === mailbox, let context else { return }
        guard isComplete else {
            fail(.requestBodyFailed)
            return
        }
        if run.isChunked { context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "0\r\n\r\n")), promise: nil) }
        uploadEnded()
    }

    private func send(_ bytes: ByteBuffer, _ run: Run, _ context: ChannelHandlerContext) {
        host.transferred(sent: bytes.readableBytes, received: 0)
        deadlines[.request] = eventLoop.now + run.job.timeouts.stall
        keepTime()
        var rest = bytes
        while let piece = rest.readSlice(length: min(Self.pieceBytes, rest.readableBytes)) {
            let isLast = rest.readableBytes == 0
            let written = eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess { self.wrote(run.mailbox, isLast: isLast) }
            context.write(wrapOutboundOut(piece), promise: written)
            if isLast { break }
        }
        context.flush()
    }

    private func wrote(_ mailbox: ResponseMailbox, isLast: Bool) {
        guard let run, run.mailbox === mailbox else { return }
        if isLast { uploadEnded() } else { deadlines[.request] = eventLoop.now + run.job.timeouts.stall }
    }

    private func uploadEnded() {
        guard let run else { return }
        self.run?.upload = .done
        deadlines[.request] = nil
        if !run.hasHead { deadlines[.head] = eventLoop.now + run.job.timeouts.head }
        expectBody()
        keepTime()
    }
}

extension ConnectionHandler.Run {
    /// Whether the request's body has the chunked coding.
    fileprivate var isChunked: Bool {
        if case .stream(nil, _)? = job.body?.content { true } else { false }
    }
}
