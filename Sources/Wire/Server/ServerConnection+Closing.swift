import Glibc
import NIOCore

/// Reading on, refusing, and the ways in which a connection ends.
extension ServerConnection {
    /// Reads on, unless something has to happen first.
    func requestRead() {
        guard !isReadRequested, wantsRead, let context else { return }
        isReadRequested = true
        context.read()
    }

    private var wantsRead: Bool {
        switch phase {
        case .head: return isWritable && !isInputClosed
        case .exchange:
            guard let exchange, !isInputClosed else { return false }
            if exchange.isBodyBroken { return false }
            if !exchange.body.isComplete { return !exchange.isPaused }
            return pending.readableBytes < loop.limits.pipelinedBytes
        case .lingering: return !isInputClosed
        case .closed: return false
        }
    }

    func flush() {
        needsFlush = false
        context?.flush()
    }

    /// Refuses what came: one response, then the end.
    func refuse(_ refusal: Refusal, detail: String) {
        loop.counters.count(refusal)
        writeRefusal(refusal, detail: detail, isToHead: false)
        close()
    }

    func writeRefusal(_ refusal: Refusal, detail: String, isToHead: Bool) {
        var buffer = ByteBuffer()
        refusal.write(to: &buffer, detail: detail, date: loop.date, isToHead: isToHead)
        write(buffer)
    }

    /// Ends the connection once everything written is out, and then waits a little for the client's end, so that no
    /// reset takes the response away from it (RFC 9112 §9.6).
    func close() {
        guard phase == .head || phase == .exchange, let context else { return }
        phase = .lingering
        exchange?.task?.cancel()
        exchange?.link.fail(.closed)
        exchange = nil
        pending = ByteBuffer()
        beginWindow()
        needsFlush = false
        context.flush()
        guard context.channel.isActive else { return }
        if isInputClosed {
            // Closing the output would now close all, and drop what is still to be written.
            closeAfterWrites()
        } else {
            context.close(mode: .output, promise: nil)
        }
        rearm()
        requestRead()
    }

    /// Ends the connection at once.
    func cut(resets: Bool = false) {
        guard phase != .closed, let context else { return }
        // A response that ends with the connection must not look complete.
        let isUnfinished = exchange.map { $0.hasWrittenHead && !$0.hasEnded } ?? false
        if isUnfinished || resets, let socket = context.channel as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
        phase = .closed
        context.close(promise: nil)
    }

    /// A graceful shutdown has begun.
    func drain() {
        guard phase == .head, pending.readableBytes == 0, head.isAtBeginning else { return }
        close()
    }

    /// The client sends no more; it may still read.
    func inputClosed() {
        guard let context else { return }
        isInputClosed = true
        switch phase {
        case .head:
            if isWritable { close() }
        case .exchange:
            guard let exchange else { return }
            if !exchange.body.isComplete {
                exchange.persists = false
                exchange.link.failBody(.truncated)
                if exchange.isOver { close() }
            } else if exchange.isEventStream {
                // An EventSource closes only when it wants no more; the next event would find out late.
                return close()
            }
            times.halfCloseStart = context.eventLoop.now
            rearm()
        case .lingering:
            if isOutputClosed { cut() } else { closeAfterWrites() }
        case .closed:
            break
        }
    }

    private func closeAfterWrites() {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.cut() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
