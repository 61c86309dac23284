import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Wire

/// Limits, timeouts, clients that go and servers that end, on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct ServerLifeTests {
    @Test(
        "a malformed request is refused with its status and the connection ends",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n", 431),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\n", 400),
        ]
    )
    func refusals(_ request: String, _ status: Int) async throws {
        try await RunningServer.run { running in
            let client = try await running.connect()
            client.send(request + "GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.waitForEnd()
            #expect(text.hasPrefix("HTTP/1.1 \(status) "))
            #expect(text.contains("Connection: close\r\n"))
            #expect(text.contains("Content-Type: application/problem+json\r\n"))
            #expect(!text.contains("/hit"))
            let statistics = running.server.statistics
            #expect(statistics.refusals.values.reduce(0, +) == 1)
            #expect(statistics.handledRequests == 0)
        }
    }

    @Test("a head that takes too long is a 408")
    func slowloris() async throws {
        var limits = ServerLimits()
        limits.headTimeout = .milliseconds(50)
        try await RunningServer.run(limits: limits) { running in
            let client = try await running.connect()
            client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo")
            let text = await client.waitForEnd()
            #expect(text.contains("/hitHTTP/1.1 408 Request Timeout\r\n"))
            #expect(running.server.statistics.timeouts[.head] == 1)
        }
    }

    @Test("an idle connection ends without a word")
    func idle() async throws {
        var limits = ServerLimits()
        limits.idleTimeout = .milliseconds(50)
        try await RunningServer.run(limits: limits) { running in
            let client = try await running.connect()
            #expect(await client.waitForEnd().isEmpty)
            #expect(running.server.statistics.timeouts[.idle] == 1)
        }
    }

    @Test("a body without progress is an error")
    func slowBody() async throws {
        var limits = ServerLimits()
        limits.bodyTimeout = .milliseconds(50)
        try await RunningServer.run(limits: limits) { exchange in
            do {
                _ = try await exchange.body.collect(upTo: 10)
            } catch let error as ExchangeError {
                #expect(error == .bodyTimeout)
                try await exchange.respond(.requestTimeout, text: "too slow")
            }
        } _: { running in
            let client = try await running.connect()
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
            #expect(await client.waitForEnd().hasSuffix("too slow"))
            #expect(running.server.statistics.timeouts[.body] == 1)
        }
    }

    @Test("a client that does not read holds up its own requests only, and is cut after a while")
    func slowReader() async throws {
        var limits = ServerLimits()
        limits.writeTimeout = .milliseconds(300)
        let body = ByteBuffer(repeating: 0x61, count: 8_000_000)
        try await RunningServer.run(limits: limits, shortcutBody: body) { running in
            let client = try await running.connect(receives: false)
            for _ in 0..<200 { client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n") }
            await running.untilNoneIsOpen()
            let statistics = running.server.statistics
            #expect(statistics.timeouts[.write] == 1)
            #expect(statistics.shortcutRequests < 5, "further requests wait for the client")
            await client.close()
        }
    }

    @Test("a slow reader's handler waits, and goes on when it reads")
    func writeBackPressure() async throws {
        let written = Mutex(0)
        let isStuck = Latch()
        try await RunningServer.run { exchange in
            try await exchange.respond(HTTPResponse(status: .ok))
            for _ in 0..<150 {
                try await exchange.write(ByteBuffer(repeating: 0x61, count: 100_000))
                let sum = written.withLock { written in
                    written += 1
                    return written
                }
                if sum == 3 { isStuck.open() }
            }
            try await exchange.finish()
        } _: { running in
            let client = try await running.connect(receives: false)
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await isStuck.wait()
            let other = try await running.connect()
            for index in 0..<50 {
                other.send("GET /hit\(index)x HTTP/1.1\r\nHost: a\r\n\r\n")
                await other.wait(for: "/hit\(index)x")
            }
            #expect(written.withLock { $0 } < 100)
            try await client.startReceiving()
            await client.wait(forBytes: 15_000_000)
            #expect(client.count > 15_000_000)
        }
    }

    @Test("a client that goes cancels the exchange", arguments: [true, false])
    func abort(_ resets: Bool) async throws {
        let hasBegun = Latch()
        let wasCancelled = Latch()
        var limits = ServerLimits()
        limits.halfCloseTimeout = .milliseconds(20)
        try await RunningServer.run(limits: limits) { exchange in
            await withTaskCancellationHandler {
                hasBegun.open()
                await wasCancelled.wait()
            } onCancel: {
                wasCancelled.open()
            }
            await #expect(throws: ExchangeError.closed) { try await exchange.respond(HTTPResponse(status: .ok)) }
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await hasBegun.wait()
            if resets { try await client.reset() } else { await client.close() }
            await wasCancelled.wait()
        }
    }

    @Test("a reader of the body learns that the client is gone")
    func abortWhileReading() async throws {
        let hasBegun = Latch()
        let error = Mutex<ExchangeError?>(nil)
        try await RunningServer.run { exchange in
            do {
                for try await _ in exchange.body { hasBegun.open() }
            } catch let fault as ExchangeError {
                error.withLock { $0 = fault }
            }
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            await hasBegun.wait()
            try await client.reset()
            await running.untilNoneIsOpen()
        }
        let seen = error.withLock { $0 }
        #expect(seen == .closed || seen == .truncated)
    }

    @Test("a graceful shutdown closes idle connections and lets the others end")
    func shutdown() async throws {
        let hasBegun = Latch()
        let mayEnd = Latch()
        try await RunningServer.run { exchange in
            hasBegun.open()
            await mayEnd.wait()
            try await exchange.respond(.ok, text: "last words")
        } _: { running in
            let idle = try await running.connect()
            idle.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            await idle.wait(for: "/hit")
            let half = try await running.connect()
            half.send("GET /hit HTTP/1.1\r\nHost")
            let busy = try await running.connect()
            busy.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await hasBegun.wait()
            await running.shutDown()
            await idle.waitForEnd()
            half.send(": a\r\n\r\n")
            #expect(await half.waitForEnd().contains("Connection: close\r\n\r\n/hit"), "shortcuts say so too")
            #expect(!busy.isEnded)
            mayEnd.open()
            let text = await busy.waitForEnd()
            #expect(text.contains("Connection: close\r\n"))
            #expect(text.hasSuffix("last words"))
            await #expect(throws: (any Error).self) { _ = try await running.connect() }
        }
    }

    @Test("what has not ended at the drain timeout is closed and cancelled")
    func hardShutdown() async throws {
        let hasBegun = Latch()
        let wasCancelled = Latch()
        try await RunningServer.run(drainTimeout: .milliseconds(50)) { _ in
            await withTaskCancellationHandler {
                hasBegun.open()
                await wasCancelled.wait()
            } onCancel: {
                wasCancelled.open()
            }
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await hasBegun.wait()
            await running.shutDown()
            await client.waitForEnd()
            await wasCancelled.wait()
        }
    }

    @Test("connections beyond a limit get 503 with Retry-After", arguments: [true, false])
    func tooMany(_ perClient: Bool) async throws {
        var limits = ServerLimits()
        if perClient { limits.connectionsPerClient = 2 } else { limits.connections = 2 }
        try await RunningServer.run(limits: limits) { running in
            let first = try await running.connect()
            let second = try await running.connect()
            for client in [first, second] {
                client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
                await client.wait(for: "/hit")
            }
            let third = try await running.connect()
            let text = await third.waitForEnd()
            #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(text.contains("Retry-After: "))
            let reason: Refusal = perClient ? .tooManyConnectionsOfClient : .tooManyConnections
            #expect(running.server.statistics.refusals == [reason: 1])
            await third.close()
            await first.close()
            await running.untilOpen(1)
            let fourth = try await running.connect()
            fourth.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await fourth.wait(for: "/hit").hasPrefix("HTTP/1.1 200 OK"))
        }
    }
}

extension RunningServer {
    /// Waits until so many connections are open: the loop is asked again after each of its turns.
    func untilOpen(_ count: Int64) async {
        while server.statistics.openConnections != count {
            await withCheckedContinuation { continuation in
                group.next().execute { continuation.resume() }
            }
        }
    }

    func untilNoneIsOpen() async { await untilOpen(0) }
}
