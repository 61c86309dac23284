import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Wire

/// One HTTP listener: the public or the admin one.
struct ListenerService: Service {
    /// `public` or `admin`, as the log names it.
    let role: String
    let server: HTTPServer

    init(
        role: String,
        listener: ServeConfiguration.Listener,
        configuration: ServeConfiguration,
        group: MultiThreadedEventLoopGroup,
        handler: any RequestHandler,
        logger: Logger,
        makeShortcut: @escaping @Sendable (any EventLoop) -> (any RequestShortcut)? = { _ in nil }
    ) {
        self.role = role
        var server = ServerConfiguration(host: listener.host, port: listener.port) { WallClockTime.milliseconds() }
        server.limits = configuration.serverLimits
        server.drainTimeout = configuration.shutdownGrace
        // The server's own lines repeat what is logged here.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .critical)
        self.server = HTTPServer(
            configuration: server,
            group: group,
            handler: handler,
            logger: quiet,
            makeShortcut: makeShortcut,
            onListening: { address in
                let text = "\(address.ipAddress ?? "?"):\(address.port ?? 0)"
                logger.notice("listening", metadata: ["role": "\(role)", "address": "\(text)"])
            }
        )
    }

    /// Serves until a graceful shutdown has let the last request finish.
    ///
    /// - Throws: `CommandFailure` that names the address when it cannot be bound.
    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError where [EADDRINUSE, EACCES, EADDRNOTAVAIL].contains(error.errnoCode) {
            let reason =
                switch error.errnoCode {
                case EADDRINUSE: "another program listens there"
                case EACCES: "ports below 1024 need a privilege"
                default: "this machine has no such address"
                }
            let flag = role == "admin" ? "--admin-listen" : "--listen"
            let address = "\(server.configuration.host):\(server.configuration.port)"
            throw CommandFailure(message: "cannot listen on \(address): \(reason); choose another with \(flag)")
        }
    }
}
