import Glibc
import Hummingbird
import Logging
import NIOCore
import Origin
import ServiceLifecycle

/// One HTTP listener: the public or the admin one.
struct ListenerService: Service {
    /// `public` or `admin`, as the log names it.
    let role: String
    let listener: ServeConfiguration.Listener
    let responder: RouterResponder<OriginContext>
    let idleTimeout: Duration
    let logger: Logger

    /// Serves until a graceful shutdown has let the last request finish.
    ///
    /// - Throws: `CommandFailure` that names the address when it cannot be bound.
    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError where [EADDRINUSE, EACCES, EADDRNOTAVAIL].contains(error.errnoCode) {
            let reason =
                switch error.errnoCode {
                case EADDRINUSE: "another program listens there"
                case EACCES: "ports below 1024 need a privilege"
                default: "this machine has no such address"
                }
            let flag = role == "admin" ? "--admin-listen" : "--listen"
            throw CommandFailure(
                message: "cannot listen on \(listener.host):\(listener.port): \(reason); choose another with \(flag)"
            )
        }
    }

    private var application: some ApplicationProtocol {
        let log = logger
        let role = role
        // The framework's own lines repeat what is logged here.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .critical)
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ContinueAnswer()],
                    idleTimeout: .nanoseconds(Int64(idleTimeout / .nanoseconds(1)))
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port),
                serverName: "vitrine"
            ),
            onServerRunning: { channel in
                let address = channel.localAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
                log.notice("listening", metadata: ["role": "\(role)", "address": "\(address)"])
            },
            logger: quiet
        )
    }
}
