import NIOCore
import NIOPosix
import NIOSSL

/// One attempt to make a connection, handshakes included, within a bound of time.
final class ConnectAttempt: Sendable {
    private let eventLoop: any EventLoop
    private let promise: EventLoopPromise<UpstreamConnection>
    private let isOver: NIOLoopBoundBox<Bool>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        promise = eventLoop.makePromise(of: UpstreamConnection.self)
        isOver = .makeBoxSendingValue(false, eventLoop: eventLoop)
    }

    /// Connects and waits; when the task is cancelled, what has been begun is closed as soon as it can be.
    func connection(
        to target: UpstreamTarget,
        by bootstrap: @escaping @Sendable () -> ClientBootstrap,
        id: ConnectionTable.ConnectionID,
        within time: TimeAmount
    ) async throws(UpstreamError) -> UpstreamConnection {
        eventLoop.execute { self.begin(target, bootstrap().connectTimeout(time), id, time) }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                eventLoop.execute { self.end(.failure(.cancelled)) }
            }
        } catch let error as UpstreamError {
            throw error
        } catch {
            throw UpstreamError(connecting: error)
        }
    }

    private func begin(
        _ target: UpstreamTarget,
        _ bootstrap: ClientBootstrap,
        _ id: ConnectionTable.ConnectionID,
        _ time: TimeAmount
    ) {
        guard !isOver.value else { return }
        let timer = eventLoop.scheduleTask(in: time) { self.end(.failure(.connectTimedOut)) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        let connected =
            if let address = target.address {
                bootstrap.connect(to: address)
            } else {
                bootstrap.connect(host: target.host, port: target.port)
            }
        connected.whenComplete { result in
            switch result {
            case .success(let channel): self.handshake(channel, id)
            case .failure(let error): self.end(.failure(UpstreamError(connecting: error)))
            }
        }
    }

    private func handshake(_ channel: any Channel, _ id: ConnectionTable.ConnectionID) {
        promise.futureResult.whenFailure { _ in channel.close(promise: nil) }
        do {
            let handler = try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
            let connection = UpstreamConnection(
                id: id,
                channel: channel,
                handler: NIOLoopBound(handler, eventLoop: eventLoop)
            )
            handler.whenOpen { result in
                guard !self.isOver.value else { return }
                if case .success = result { handler.adopt() }
                self.end(result.map { connection })
            }
        } catch {
            // The channel has been closed in between.
            end(.failure(.connectFailed(errno: nil)))
        }
    }

    private func end(_ result: Result<UpstreamConnection, UpstreamError>) {
        guard !isOver.value else { return }
        isOver.value = true
        promise.completeWith(result.mapError { $0 as any Error })
    }
}

extension UpstreamError {
    /// Why there is no connection, from what NIO says.
    init(connecting error: any Error) {
        switch error {
        case let error as UpstreamError: self = error
        case let error as IOError: self = UpstreamError(errno: error.errnoCode)
        case ChannelError.connectTimeout: self = .connectTimedOut
        case is NIOSSLError, is BoringSSLError: self = .tlsFailed
        case let error as NIOConnectionError:
            // The last address that was tried speaks for all.
            if let last = error.connectionErrors.last {
                self = UpstreamError(connecting: last.error)
            } else {
                self = .nameNotResolved
            }
        case is SocketAddressError: self = .nameNotResolved
        default: self = .connectFailed(errno: nil)
        }
    }

    private init(errno: Int32) {
        switch errno {
        case ECONNREFUSED: self = .connectionRefused
        case ETIMEDOUT: self = .connectTimedOut
        default: self = .connectFailed(errno: errno)
        }
    }
}
