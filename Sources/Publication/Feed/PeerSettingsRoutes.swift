import DeliveryTypes
package import HTTPTypes
import NIOCore
import ObjectStorage
package import Wire

/// The origin's side of `UpstreamSource`: what is in force, the stream of changes, and records, for other nodes.
///
/// **Promises.** Only who holds the nodes' token sees anything. A stream begins with everything in force, tells a
/// change at once, and sends a heartbeat every `heartbeat` unless there is something else to say.
///
/// **Costs** a task and a connection per node that watches; a record is streamed from the store, never held whole.
package struct PeerSettingsRoutes: Sendable {
    private let source: StoreSource
    private let isAllowed: @Sendable (HTTPRequest) -> Bool
    private let heartbeat: Duration
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - source: what to tell of.
    ///   - heartbeat: the time between two signs of life.
    ///   - clock: for the heartbeats.
    ///   - isAllowed: whether the request comes from a node: it holds the token.
    package init(
        source: StoreSource,
        heartbeat: Duration = .seconds(3),
        clock: any Clock<Duration> = ContinuousClock(),
        isAllowed: @escaping @Sendable (HTTPRequest) -> Bool
    ) {
        self.source = source
        self.isAllowed = isAllowed
        self.heartbeat = heartbeat
        self.clock = clock
    }

    /// Whether a request's path is one of these.
    package static func isOurs(path: String) -> Bool { path.utf8.starts(with: PeerPaths.prefix.utf8) }

    /// Ends the streams of changes, so that a listener that shuts down need not wait for them; no later stream begins.
    package func drain() { source.board.close() }

    /// Answers a request for one of the paths.
    ///
    /// - Returns: `false` for any other path: nothing was sent.
    /// - Throws: when the client has gone.
    package func answer(_ exchange: Exchange) async throws(ExchangeError) -> Bool {
        let path = exchange.request.path ?? ""
        guard Self.isOurs(path: path) else { return false }
        guard isAllowed(exchange.request) else {
            try await refuse(exchange, .unauthorized, "Send the token of the nodes: Authorization: Bearer TOKEN.")
            return true
        }
        guard exchange.request.method == .get else {
            try await refuse(exchange, .methodNotAllowed, "Only GET is answered here.")
            return true
        }
        switch path {
        case PeerPaths.snapshot: try await sendSnapshot(exchange)
        case PeerPaths.changes: try await sendChanges(exchange)
        default:
            if path.hasPrefix(PeerPaths.records),
                let digest = ContentDigest(hex: path.dropFirst(PeerPaths.records.count))
            {
                try await sendRecord(digest, exchange)
            } else {
                try await refuse(exchange, .notFound, "There is nothing at this path.")
            }
        }
        return true
    }

    private func sendSnapshot(_ exchange: Exchange) async throws(ExchangeError) {
        let bytes: [UInt8]
        do throws(PublicationError) {
            bytes = try await source.snapshot().encoded()
        } catch {
            return try await refuse(exchange, .serviceUnavailable, "The settings cannot be read: \(error)")
        }
        let head = Self.head(.ok, "application/json")
        try await exchange.respond(head, body: ByteBuffer(bytes: bytes))
    }

    private func sendChanges(_ exchange: Exchange) async throws(ExchangeError) {
        try await exchange.respond(Self.head(.ok, PeerPaths.lineMediaType))
        let reader = source.board.join()
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                // Cancellation ends the sleep, and with it the heartbeats.
                while (try? await clock.sleep(for: heartbeat, tolerance: nil)) != nil { reader.beat() }
                return false
            }
            tasks.addTask {
                await reader.read { event in
                    do {
                        try await exchange.write(ByteBuffer(bytes: PeerLine(event).encoded()))
                        return true
                    } catch {
                        return false
                    }
                }
                return true
            }
            // Whoever is told ends it: the client has gone, or the source is closed.
            for await isEnd in tasks where isEnd { tasks.cancelAll() }
        }
        source.board.leave(reader)
        try await exchange.finish()
    }

    private func sendRecord(_ digest: ContentDigest, _ exchange: Exchange) async throws(ExchangeError) {
        let object: StoredObject
        do throws(ObjectStoreError) {
            object = try await source.archive.store.get(SettingsKeys.record(digest))
        } catch {
            if case .notFound = error { return try await refuse(exchange, .notFound, "There is no such record.") }
            return try await refuse(exchange, .serviceUnavailable, "The record cannot be read: \(error)")
        }
        var head = Self.head(.ok, "application/octet-stream")
        head.headerFields[.contentLength] = String(object.metadata.size)
        head.headerFields[.cacheControl] = "private, max-age=31536000, immutable"
        try await exchange.respond(head)
        var pieces = object.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do throws(ObjectStoreError) {
                piece = try await pieces.next()
            } catch {
                // The head has gone out: only an unfinished body tells that the record is not whole.
                return
            }
            guard let piece else { break }
            try await exchange.write(piece)
        }
        try await exchange.finish()
    }

    private static func head(_ status: HTTPResponse.Status, _ type: String) -> HTTPResponse {
        HTTPResponse(status: status, headerFields: [.contentType: type, .cacheControl: "no-store"])
    }

    private func refuse(
        _ exchange: Exchange,
        _ status: HTTPResponse.Status,
        _ detail: String
    ) async throws(ExchangeError) {
        let head = Self.head(status, "text/plain; charset=utf-8")
        try await exchange.respond(head, body: ByteBuffer(string: detail + "\n"))
    }
}
