import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SettingsDelivery
import Wire

/// The surfaces behind a real server on a free port of the loopback, for the time of one test.
struct SettingsRig: Sendable {
    /// 2026-11-21 00:00:00 UTC, and it stays so.
    static let now: Int64 = 1_795_219_200_000

    let routes: SettingsRoutes
    let address: SocketAddress
    let group: MultiThreadedEventLoopGroup

    private struct Handler: RequestHandler {
        let routes: SettingsRoutes

        func handle(_ exchange: Exchange) async {
            do {
                if let answer = await routes.answer(exchange) {
                    try await answer.send(on: exchange)
                } else {
                    try await exchange.respond(HTTPResponse(status: 418), body: ByteBuffer())
                }
            } catch {
                // The client has gone.
            }
        }
    }

    static func run(
        _ parts: SettingsParts,
        _ test: @escaping @Sendable (SettingsRig) async throws -> Void
    ) async throws {
        let routes = SettingsRoutes(parts)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let server = HTTPServer(
            configuration: ServerConfiguration(host: "127.0.0.1", port: 0) { now },
            group: group,
            handler: Handler(routes: routes),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { found.yield($0) }
        )
        let services = ServiceGroup(
            services: [server],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                try await test(SettingsRig(routes: routes, address: address, group: group))
                break
            }
            routes.hub.close()
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    /// What came back for one request on a connection of its own.
    struct Reply: Sendable {
        let status: Int
        let fields: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func ask(
        _ method: String,
        _ path: String,
        _ fields: [String: String] = [:],
        body: String? = nil
    ) async throws -> Reply {
        let socket = try await ClientSocket.connect(address, on: group)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body {
            if fields["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
            if fields["Content-Length"] == nil { head += "Content-Length: \(body.utf8.count)\r\n" }
        }
        socket.send(head + "\r\n" + (body ?? ""))
        await socket.waitForEnd()
        let bytes = socket.bytes
        await socket.close()
        return Reply(bytes)
    }
}

extension SettingsRig.Reply {
    /// Reads a whole response.
    init(_ bytes: [UInt8]) {
        let separator = Array("\r\n\r\n".utf8)
        var end = 0
        while end + 4 <= bytes.count, Array(bytes[end..<end + 4]) != separator { end += 1 }
        let lines = String(decoding: bytes[..<min(end, bytes.count)], as: UTF8.self).split(separator: "\r\n")
        status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } } ?? 0
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[line.index(colon, offsetBy: 2)...])
        }
        self.fields = fields
        body = end + 4 <= bytes.count ? Array(bytes[(end + 4)...]) : []
    }
}
