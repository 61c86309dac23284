import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// How requests come to their connections.
extension UpstreamPool {
    /// A kept connection, or a new one.
    func connection(
        to target: UpstreamTarget,
        for job: ExchangeJob,
        isFresh: Bool
    ) async throws(UpstreamError) -> (UpstreamConnection, isReused: Bool) {
        switch await place(at: target, for: job, isFresh: isFresh) {
        case .kept(let connection):
            state.withLock { $0.statistics.connectionsReused += 1 }
            return (connection, true)
        case .slot(let id):
            do throws(UpstreamError) {
                return (try await newConnection(id, to: target, for: job), false)
            } catch {
                connectionClosed(id)
                throw error
            }
        case .failed(let error): throw error
        }
    }

    private func place(at target: UpstreamTarget, for job: ExchangeJob, isFresh: Bool) async -> Place {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = ask(target, ticket, isFresh: isFresh, continuation)
                if waits { limitWaiting(of: ticket, target, job) }
            }
        } onCancel: {
            giveUp(ticket, target, .cancelled)
        }
    }

    /// Sees to it that a request does not wait for ever, nor in vain.
    private func limitWaiting(of ticket: ConnectionTable.Ticket, _ target: UpstreamTarget, _ job: ExchangeJob) {
        let (patience, isWhole) = remaining(of: job.timeouts.queue, job)
        let timer = group.any().scheduleTask(in: patience) {
            self.giveUp(ticket, target, isWhole ? .timedOut : .poolExhausted)
        }
        let isWaiting = state.withLock { state in
            state.waiting[ticket]?.timer = timer
            return state.waiting[ticket] != nil
        }
        if !isWaiting { timer.cancel() }
        // It may have been cancelled before it waited.
        if Task.isCancelled { giveUp(ticket, target, .cancelled) }
    }

    /// Asks for a place; the continuation is resumed now or, when the request has to wait, later.
    ///
    /// - Returns: Whether it waits.
    private func ask(
        _ target: UpstreamTarget,
        _ ticket: ConnectionTable.Ticket,
        isFresh: Bool,
        _ continuation: CheckedContinuation<Place, Never>
    ) -> Bool {
        let (place, deeds) = state.withLock { state -> (Place?, Deeds) in
            if state.isShutDown { return (.failed(.shutDown), Deeds()) }
            let (lease, outcome) = state.table.lease(target, ticket: ticket, isFresh: isFresh)
            let place = state.place(of: lease)
            if place == nil { state.waiting[ticket] = UpstreamPool.Waiting(continuation: continuation) }
            return (place, state.deeds(of: outcome))
        }
        if let place { continuation.resume(returning: place) }
        perform(deeds)
        return place == nil
    }

    private func giveUp(_ ticket: ConnectionTable.Ticket, _ target: UpstreamTarget, _ error: UpstreamError) {
        let request = state.withLock { state in
            _ = state.table.abandon(ticket, of: target)
            return state.waiting.removeValue(forKey: ticket)
        }
        request?.resume(.failed(error))
    }

    private func perform(_ deeds: Deeds) {
        for connection in deeds.closing { connection.close() }
        for (request, place) in deeds.granted { request.resume(place) }
    }

    private func newConnection(
        _ id: ConnectionTable.ConnectionID,
        to target: UpstreamTarget,
        for job: ExchangeJob
    ) async throws(UpstreamError) -> UpstreamConnection {
        let eventLoop = group.next()
        let (patience, isWhole) = remaining(of: job.timeouts.connect, job)
        let connection: UpstreamConnection
        do throws(UpstreamError) {
            connection = try await ConnectAttempt(eventLoop: eventLoop)
                .connection(to: target, by: { self.bootstrap(id, target, eventLoop) }, id: id, within: patience)
        } catch {
            throw error == .connectTimedOut && isWhole ? .timedOut : error
        }
        let isWanted = state.withLock { state in
            guard !state.isShutDown else { return false }
            // (One that has ended in between is out of the table already; the exchange will see.)
            if state.table.contains(id) { state.connections[id] = connection }
            state.statistics.connectionsMade += 1
            return true
        }
        guard isWanted else {
            connection.close()
            throw .shutDown
        }
        return connection
    }

    private func bootstrap(
        _ id: ConnectionTable.ConnectionID,
        _ target: UpstreamTarget,
        _ eventLoop: any EventLoop
    ) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .resolver(resolver)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if target.isTLS {
                        // (An address is no name that TLS could give to the server, RFC 6066 §3.)
                        let name = target.address == nil ? target.host : nil
                        let handler = try NIOSSLClientHandler(context: tlsContext(), serverHostname: name)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    let handler = ConnectionHandler(
                        id: id,
                        host: self,
                        limits: limits,
                        isTLS: target.isTLS,
                        eventLoop: channel.eventLoop
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
    }

    /// `time`, or less when the whole exchange has less; `isWhole` says so.
    private func remaining(of time: TimeAmount, _ job: ExchangeJob) -> (TimeAmount, isWhole: Bool) {
        guard let deadline = job.deadline else { return (time, false) }
        let eventLoop = group.any()
        let left = max(deadline - eventLoop.now, .zero)
        return left < time ? (left, true) : (time, false)
    }
}

extension UpstreamPool: ConnectionHost {
    func connectionReleased(_ id: ConnectionTable.ConnectionID) {
        perform(state.withLock { $0.deeds(of: $0.table.release(id)) })
    }

    func connectionClosed(_ id: ConnectionTable.ConnectionID) {
        let deeds = state.withLock { state in
            state.connections[id] = nil
            return state.deeds(of: state.table.close(id))
        }
        perform(deeds)
    }

    func connectionExpired(_ id: ConnectionTable.ConnectionID) -> Bool {
        state.withLock { $0.table.expire(id) }
    }

    func exchangeFailed(_ error: UpstreamError) {
        state.withLock { $0.statistics.failures[error.detail, default: 0] += 1 }
    }

    func transferred(sent: Int, received: Int) {
        if sent > 0 { bytesSent.add(sent, ordering: .relaxed) }
        if received > 0 { bytesReceived.add(received, ordering: .relaxed) }
    }
}

extension UpstreamPool.State {
    /// Takes out who and what a decision of the table concerns, in the same breath as the decision.
    fileprivate mutating func deeds(of outcome: ConnectionTable.Outcome) -> UpstreamPool.Deeds {
        var deeds = UpstreamPool.Deeds()
        for id in outcome.closing {
            if let connection = connections.removeValue(forKey: id) { deeds.closing.append(connection) }
        }
        for grant in outcome.grants {
            guard let request = waiting.removeValue(forKey: grant.ticket), let place = place(of: grant.lease) else {
                preconditionFailure("a grant for a request that does not wait")
            }
            deeds.granted.append((request, place))
        }
        return deeds
    }

    /// What a lease means; `nil` for waiting.
    fileprivate func place(of lease: ConnectionTable.Lease) -> UpstreamPool.Place? {
        switch lease {
        case .reuse(let id): connections[id].map { .kept($0) } ?? .failed(.shutDown)
        case .connect(let id): .slot(id)
        case .wait: nil
        case .refused: .failed(.poolExhausted)
        }
    }
}
