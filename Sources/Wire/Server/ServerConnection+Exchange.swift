import HTTPTypes
import NIOCore

/// Exchanges with the handler.
extension ServerConnection {
    /// Starts a handler on a request; `bytes` are what came behind its head.
    func begin(_ request: HTTPRequest, _ bytes: inout ByteBuffer) {
        let limits = loop.limits
        let link = ExchangeLink(
            connection: NIOLoopBound(self, eventLoop: loop.eventLoop),
            inbound: InboundQueue(
                limit: limits.bufferedBodyBytes,
                isEnded: false,
                awaitsContinue: head.expectsContinue
            ),
            outbound: OutboundQueue(
                progress: ResponseProgress(isHead: head.method == .head, isVersion11: head.isVersion11),
                limit: limits.bufferedResponseBytes
            )
        )
        let exchange = Exchange(
            request: request,
            remoteAddress: remoteAddress,
            isVersion11: head.isVersion11,
            receivedMilliseconds: loop.wallMilliseconds,
            framing: head.framing,
            link: link
        )
        let open = OpenExchange(link: link, head: head)
        self.exchange = open
        phase = .exchange
        if open.body.remaining ?? .max > 16_384 { readLargePieces(true) }
        feed(&bytes)
        loop.counters.handled.add(1)
        let handler = loop.handler
        let ledger = loop.ledger
        ledger.beginTask()
        // The server's run() waits for this task, by the ledger; the connection cancels it when the client goes.
        open.task = Task {
            await handler.handle(exchange)
            link.leave()
            ledger.endTask()
        }
        beginWindow()
    }

    // MARK: The request's body

    /// Gives received bytes to the exchange, up to the body's end.
    func feed(_ bytes: inout ByteBuffer) {
        guard let open = exchange, !open.isBodyBroken else {
            bytes = ByteBuffer()
            return
        }
        do throws(MessageFault) {
            while let event = try open.body.next(&bytes) { take(event, open) }
        } catch {
            open.isBodyBroken = true
            open.persists = false
            open.link.failBody(.malformed(error))
            bytes = ByteBuffer()
        }
        if open.isBodyBroken { bytes = ByteBuffer() }
    }

    private func take(_ event: ChunkedDecoder.Event, _ open: OpenExchange) {
        switch event {
        case .data(let piece):
            open.bodyBytes += Int64(piece.readableBytes)
            if open.isOver {
                open.drainedBytes += Int64(piece.readableBytes)
            } else if open.bodyBytes > loop.limits.bodyBytes {
                open.isBodyBroken = true
                open.persists = false
                open.link.failBody(.bodyTooLarge)
            } else if !open.link.push(piece) {
                open.isPaused = true
            }
        case .end(let trailers):
            open.link.endBody(trailers)
        }
    }

    /// The handler has made room for more of the body.
    func resumeBody(of link: ExchangeLink) {
        guard let open = exchange, open.link === link else { return }
        open.isPaused = false
        beginWindow()
        rearm()
        requestRead()
    }

    private func readLargePieces(_ isLarge: Bool) {
        // Should the channel not know the option, it reads smaller pieces; nothing else changes.
        try? context?.channel.syncOptions?.setOption(
            .recvAllocator,
            value: isLarge ? loop.bodyAllocator : loop.readAllocator
        )
    }

    // MARK: The response

    /// Writes what the handler has said.
    func pump(_ link: ExchangeLink) {
        guard let open = exchange, open.link === link, phase == .exchange else { return }
        loop.readTime()
        for piece in link.take() {
            write(piece, of: open)
            guard exchange === open else { break }
        }
        if needsFlush { flush() }
        guard exchange === open else { return requestRead() }
        if isWritable { open.link.makeRoom() } else { rearm() }
    }

    private func write(_ piece: OutboundPiece, of open: OpenExchange) {
        switch piece {
        case .informational(let response):
            var buffer = ByteBuffer()
            ResponseEncoder.writeInformational(response, to: &buffer)
            write(buffer)
            if response.status == .continue { beginWindow() }
        case .head(let response, let framing):
            writeHead(response, framing, of: open)
        case .data(let bytes):
            writeData(bytes, of: open)
        case .end(let trailers):
            if open.framing == .chunked {
                var buffer = ByteBuffer()
                ResponseEncoder.writeLastChunk(trailers, to: &buffer)
                write(buffer)
            }
            if open.framing == .untilClose { open.persists = false }
            open.hasEnded = true
        case .abort:
            cut()
        case .internalError:
            open.persists = false
            open.hasEnded = true
            writeRefusal(.internalError, detail: "no response was made", isToHead: open.isToHead)
        case .returned:
            if open.hasEnded { over(open) } else { cut() }
        }
    }

    private func writeHead(_ response: HTTPResponse, _ framing: ResponseFraming, of open: OpenExchange) {
        let wantsClose = response.headerFields[values: .connection].contains { $0.lowercased().contains("close") }
        let leavesBody = (open.body.remaining ?? 0) > loop.limits.drainedBytes + Int64(loop.limits.bufferedBodyBytes)
        if wantsClose || leavesBody && !open.isPaused && open.bodyBytes == 0 || open.isBodyBroken
            || framing == .untilClose || open.link.awaitsContinue || loop.isDraining
        {
            open.persists = false
        }
        open.framing = framing
        open.hasWrittenHead = true
        open.isEventStream = response.headerFields[.contentType]?.hasPrefix("text/event-stream") ?? false
        let persistence: Persistence = open.persists ? (head.isVersion11 ? .implicit : .explicit) : .close
        var buffer = ByteBuffer()
        buffer.reserveCapacity(512)
        ResponseEncoder.writeHead(
            response,
            framing: framing,
            persistence: persistence,
            date: loop.date,
            to: &buffer
        )
        write(buffer)
    }

    private func writeData(_ bytes: ByteBuffer, of open: OpenExchange) {
        switch open.framing {
        case .none: break
        case .length, .untilClose: write(bytes)
        case .chunked:
            var line = ByteBuffer()
            line.writeChunkSize(bytes.readableBytes)
            write(line)
            write(bytes)
            write(ByteBuffer(staticString: "\r\n"))
        }
    }

    /// The handler has returned and its response is written: on to the next request, if the body lets us.
    private func over(_ open: OpenExchange) {
        open.isOver = true
        guard open.persists else { return close() }
        if open.body.isComplete {
            nextRequest(open)
        } else {
            beginWindow()
            drainBody(open)
        }
    }

    private func drainBody(_ open: OpenExchange) {
        let remaining = open.body.remaining ?? 0
        guard !isInputClosed, open.drainedBytes + remaining <= loop.limits.drainedBytes, !open.isBodyBroken else {
            return close()
        }
        open.isPaused = false
        rearm()
        requestRead()
    }

    /// Looks whether a body that nobody reads has come to its end, or has become too much.
    func checkDrain() {
        guard phase == .exchange, let open = exchange, open.isOver else { return }
        if open.body.isComplete { nextRequest(open) } else { drainBody(open) }
    }

    private func nextRequest(_ open: OpenExchange) {
        exchange = nil
        if open.bodyBytes > 0 || open.body.remaining != 0 { readLargePieces(false) }
        head.reset()
        phase = .head
        if let context { times.noteIdle(at: context.eventLoop.now) }
        if loop.isDraining { return close() }
        if isWritable { parsePending() }
        requestRead()
    }
}
