import NIOCore

/// One timer for each connection. It is not moved while requests come and go: when it fires, it looks what is due and
/// sleeps again if nothing is.
extension ServerConnection {
    /// Bytes that the client has taken off our hands.
    private var takenBytes: Int64 {
        // A channel that does not tell has nothing waiting.
        let waiting = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return bytesWritten - Int64(waiting)
    }

    /// Measures progress from now on.
    func beginWindow() {
        guard let context else { return }
        times.beginWindow(at: context.eventLoop.now, taken: takenBytes)
    }

    /// Moves the timer if something is due earlier than it fires.
    func rearm() {
        guard phase != .closed, let context else { return }
        arm(at: nextDeadline(now: context.eventLoop.now).deadline)
    }

    private func arm(at deadline: NIODeadline) {
        if times.timer != nil, times.timerDeadline <= deadline { return }
        times.timer?.cancel()
        times.timerDeadline = deadline
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        times.timer = loop.eventLoop.scheduleTask(deadline: deadline) { bound.value.timerFired() }
    }

    private func timerFired() {
        times.timer = nil
        guard phase != .closed, let context else { return }
        let now = context.eventLoop.now
        let next = nextDeadline(now: now)
        if let kind = next.kind, next.deadline <= now, !hasProgressed(kind) {
            loop.readTime()
            loop.counters.count(kind)
            expire(kind)
        }
        rearm()
    }

    /// What would be too late next, and when; no kind if nothing is to be late and a look later will do.
    private func nextDeadline(now: NIODeadline) -> (deadline: NIODeadline, kind: TimeoutKind?) {
        let limits = loop.limits
        let writeDeadline = max(times.windowStart, times.lastActivity) + TimeAmount(limits.writeTimeout)
        switch phase {
        case .lingering where isOutputClosed:
            return (times.lingerStart + TimeAmount(limits.lingerTimeout), .linger)
        case .lingering:
            return (times.windowStart + TimeAmount(limits.writeTimeout), .write)
        case .exchange:
            return exchangeDeadline(now: now)
        case .head:
            if !isWritable { return (times.windowStart + TimeAmount(limits.writeTimeout), .write) }
            if !head.isAtBeginning { return (times.headStart + TimeAmount(limits.headTimeout), .head) }
            let idle = times.lastActivity + TimeAmount(limits.idleTimeout)
            return idle <= now && takenBytes < bytesWritten ? (writeDeadline, .write) : (idle, .idle)
        case .closed:
            return (now + .hours(1), nil)
        }
    }

    private func exchangeDeadline(now: NIODeadline) -> (deadline: NIODeadline, kind: TimeoutKind?) {
        let limits = loop.limits
        if !isWritable { return (times.windowStart + TimeAmount(limits.writeTimeout), .write) }
        guard let exchange else { return (now + .hours(1), nil) }
        let waitsForBody = !exchange.body.isComplete && !exchange.isPaused && !exchange.isBodyBroken
        if waitsForBody, !isInputClosed, exchange.isOver || !exchange.link.awaitsContinue {
            return (times.windowStart + TimeAmount(limits.bodyTimeout), .body)
        }
        if isInputClosed, !exchange.hasWrittenHead {
            return (times.halfCloseStart + TimeAmount(limits.halfCloseTimeout), .halfClose)
        }
        if takenBytes < bytesWritten {
            return (times.windowStart + TimeAmount(limits.writeTimeout), .write)
        }
        return (now + TimeAmount(limits.idleTimeout), nil)
    }

    /// Whether enough has moved since the window began; then another begins.
    private func hasProgressed(_ kind: TimeoutKind) -> Bool {
        let isEnough: Bool
        switch kind {
        case .body:
            isEnough = times.windowReceived >= loop.limits.bodyProgressBytes
        case .write:
            let taken = takenBytes
            isEnough = taken - times.windowTaken >= loop.limits.writeProgressBytes || taken == bytesWritten
        case .head, .idle, .halfClose, .linger:
            isEnough = false
        }
        if isEnough { beginWindow() }
        return isEnough
    }

    private func expire(_ kind: TimeoutKind) {
        switch kind {
        case .head: refuse(.headTimeout, detail: "the request head took too long")
        case .idle: close()
        case .body:
            guard let exchange else { return }
            exchange.isBodyBroken = true
            exchange.persists = false
            exchange.link.failBody(.bodyTimeout)
            if exchange.isOver { close() }
        case .write, .halfClose, .linger: cut(resets: kind == .write)
        }
    }
}
