package import Logging
package import NIOCore
package import NIOPosix
import ServiceLifecycle
import Synchronization

/// An HTTP/1.1 server on bytes: one channel handler for each connection, no codec, no task for a hit.
///
/// Requests are parsed where they arrive and first shown to the event loop's `RequestShortcut`, which answers in the
/// same turn of the loop; all others get a task with the `RequestHandler`. Malformed requests are refused before either
/// sees them. A hit costs two system calls and no allocation of the server's own; an idle connection some 4 KB.
package final class HTTPServer: Service {
    package let configuration: ServerConfiguration
    private let group: MultiThreadedEventLoopGroup
    private let handler: any RequestHandler
    private let makeShortcut: @Sendable (any EventLoop) -> (any RequestShortcut)?
    private let onListening: @Sendable (SocketAddress) async -> Void
    private let logger: Logger
    private let ledger: ConnectionLedger
    private let counters = Mutex<[LoopCounters]>([])

    /// A server that does nothing until `run()`.
    ///
    /// `makeShortcut` is called once on each loop of `group`; `onListening` gets the bound address, before the first
    /// connection is accepted by anybody who waits for it.
    package init(
        configuration: ServerConfiguration,
        group: MultiThreadedEventLoopGroup,
        handler: any RequestHandler,
        logger: Logger,
        makeShortcut: @escaping @Sendable (any EventLoop) -> (any RequestShortcut)? = { _ in nil },
        onListening: @escaping @Sendable (SocketAddress) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.group = group
        self.handler = handler
        self.logger = logger
        self.makeShortcut = makeShortcut
        self.onListening = onListening
        ledger = ConnectionLedger(
            connectionsMax: configuration.limits.connections,
            perClientMax: configuration.limits.connectionsPerClient
        )
    }

    /// What has been counted so far; from any thread.
    package var statistics: ServerStatistics {
        var sum = ServerStatistics()
        for loop in counters.withLock({ $0 }) { loop.add(to: &sum) }
        return sum
    }

    /// Listens and serves until a graceful shutdown (then running exchanges may end within `drainTimeout`) or until the
    /// task is cancelled (then everything is closed).
    ///
    /// Returns when no connection is open and no handler runs.
    ///
    /// - Throws: when the address cannot be bound.
    package func run() async throws {
        let loops = try await makeLoops()
        let listener = try await bind(loops)
        if let address = listener.localAddress {
            logger.info("listening", metadata: ["address": "\(address)"])
            await onListening(address)
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            // Only a closed listener ends this; how it was closed does not matter.
            try? await listener.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            listener.close(promise: nil)
        }
        await drain(loops)
    }

    private func makeLoops() async throws -> [NIOLoopBound<ServerLoop>] {
        var loops: [NIOLoopBound<ServerLoop>] = []
        for eventLoop in group.makeIterator() {
            let counters = LoopCounters()
            self.counters.withLock { $0.append(counters) }
            loops.append(
                try await eventLoop.submit {
                    let loop = ServerLoop(
                        eventLoop: eventLoop,
                        configuration: self.configuration,
                        handler: self.handler,
                        shortcut: self.makeShortcut(eventLoop),
                        counters: counters,
                        ledger: self.ledger
                    )
                    return NIOLoopBound(loop, eventLoop: eventLoop)
                }.get()
            )
        }
        return loops
    }

    private func bind(_ loops: [NIOLoopBound<ServerLoop>]) async throws -> any Channel {
        let mark = configuration.limits.bufferedResponseBytes
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
            .childChannelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: max(1, mark / 4), high: max(1, mark))
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop })?.value,
                        !self.ledger.isOverrun
                    else { throw ChannelError.connectTimeout(.zero) }
                    let connection = ServerConnection(loop: loop, remoteAddress: channel.remoteAddress)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
    }

    /// Closes what is idle, waits for the rest, and closes what is left after the drain timeout.
    private func drain(_ loops: [NIOLoopBound<ServerLoop>]) async {
        let limit = Task.isCancelled ? TimeAmount.zero : TimeAmount(configuration.drainTimeout)
        let cuts = loops.map { loop in
            loop.eventLoop.execute { loop.value.drain() }
            return loop.eventLoop.scheduleTask(in: limit) { loop.value.closeAll() }
        }
        await withTaskCancellationHandler {
            await ledger.waitUntilEmpty()
        } onCancel: {
            for loop in loops { loop.eventLoop.execute { loop.value.closeAll() } }
        }
        for cut in cuts { cut.cancel() }
    }
}
