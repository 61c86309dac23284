import HTTPTypes
import NIOCore
import Synchronization
import Testing
import Wire

/// Request bodies on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct ServerBodyTests {
    private static func echo(_ exchange: Exchange) async throws {
        let body = try await exchange.body.collect(upTo: 1_000_000)
        let trailer = exchange.trailers?[.init("X-Sum") ?? .accept] ?? ""
        try await exchange.respond(.ok, text: "<" + String(buffer: body) + trailer + ">")
    }

    @Test("a body comes whole by length and by chunks, in any pieces, with its trailers")
    func whole() async throws {
        try await RunningServer.run(handler: Self.echo) { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
            await client.wait(for: "<hello>")
            let chunks =
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 7\r\n\r\n"
            for byte in chunks.utf8 { try await client.sendFully(ByteBuffer(bytes: [byte])) }
            await client.wait(for: "<hello7>")
            client.send(chunks + chunks)
            await client.wait(for: "<hello7>", times: 3)
            #expect(client.text.occurrences(of: "200 OK") == 4)
        }
    }

    @Test("100 Continue comes when the body is first asked for, once")
    func continues() async throws {
        let mayRead = Latch()
        let hasBegun = Latch()
        try await RunningServer.run { exchange in
            hasBegun.open()
            await mayRead.wait()
            try await Self.echo(exchange)
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            await hasBegun.wait()
            #expect(client.count == 0)
            mayRead.open()
            #expect(await client.wait(for: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("hello")
            #expect(await client.wait(for: "<hello>").occurrences(of: "HTTP/1.1 100") == 1)
        }
    }

    @Test("a handler that informs by itself is not doubled")
    func informedAlready() async throws {
        try await RunningServer.run { exchange in
            try await exchange.inform(HTTPResponse(status: .continue))
            try await Self.echo(exchange)
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            await client.wait(for: "100 Continue\r\n\r\n")
            client.send("hello")
            #expect(await client.wait(for: "<hello>").occurrences(of: "HTTP/1.1 100") == 1)
        }
    }

    @Test("a refusal before 100 Continue ends the connection: nobody knows whether the body comes")
    func refusedExpectation() async throws {
        try await RunningServer.run {
            try await $0.respond(.contentTooLarge, text: "no")
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            let text = await client.waitForEnd()
            #expect(text.hasPrefix("HTTP/1.1 413"))
            #expect(text.contains("Connection: close\r\n"))
        }
    }

    @Test("a small body that nobody reads is passed over, a large one ends the connection")
    func unread() async throws {
        var limits = ServerLimits()
        limits.drainedBytes = 100_000
        limits.bufferedBodyBytes = 1_000
        try await RunningServer.run(limits: limits) { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
            await client.wait(for: "handled")
            client.send(ByteBuffer(repeating: 0x62, count: 50_000))
            client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            await client.wait(for: "/hit")
            #expect(client.text.occurrences(of: "200 OK") == 2)
            let other = try await running.connect()
            other.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
            let text = await other.waitForEnd()
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("Connection: close\r\n"))
            let chunked = try await running.connect()
            chunked.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n")
            chunked.send(ByteBuffer(repeating: 0x62, count: 0x40000))
            #expect(await chunked.waitForEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("ten megabytes wait in the client while the handler is slow, and then come whole")
    func backPressure() async throws {
        let mayRead = Latch()
        let hasBegun = Latch()
        let sum = Mutex(0)
        try await RunningServer.run { exchange in
            hasBegun.open()
            await mayRead.wait()
            for try await piece in exchange.body { sum.withLock { $0 += piece.readableBytes } }
            try await exchange.respond(.ok, text: "got it")
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
            client.send(ByteBuffer(repeating: 0x62, count: 50_000_000))
            await hasBegun.wait()
            // Another connection's answers come after whatever the loop could have read of this one.
            let other = try await running.connect()
            for index in 0..<50 {
                other.send("GET /hit\(index)x HTTP/1.1\r\nHost: a\r\n\r\n")
                await other.wait(for: "/hit\(index)x")
            }
            #expect(running.server.statistics.receivedBytes < 300_000)
            mayRead.open()
            await client.wait(for: "got it")
            #expect(sum.withLock { $0 } == 50_000_000)
        }
    }

    @Test("a body larger than the limit: 413 by its length, an error in the middle of chunks")
    func tooLarge() async throws {
        var limits = ServerLimits()
        limits.bodyBytes = 10
        let error = Mutex<ExchangeError?>(nil)
        try await RunningServer.run(limits: limits) { exchange in
            do {
                try await Self.echo(exchange)
            } catch let fault as ExchangeError {
                error.withLock { $0 = fault }
                try await exchange.respond(.contentTooLarge, text: "mine")
            }
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
            #expect(await client.waitForEnd().hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(running.server.statistics.handledRequests == 0)
            let other = try await running.connect()
            other.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nB\r\n01234567890\r\n0\r\n\r\n")
            #expect(await other.waitForEnd().contains("mine"))
            #expect(error.withLock { $0 } == .bodyTooLarge)
        }
    }

    @Test("a broken chunk and a missing rest are errors of the body")
    func broken() async throws {
        let errors = Mutex<[ExchangeError]>([])
        try await RunningServer.run { exchange in
            do {
                try await Self.echo(exchange)
            } catch let fault as ExchangeError {
                errors.withLock { $0.append(fault) }
                try await exchange.respond(.badRequest, text: "mine")
            }
        } _: { running in
            let client = try await running.connect()
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.waitForEnd()
            #expect(text.contains("mine"))
            #expect(!text.contains("/hit"), "nothing behind a broken body is taken for a request")
            let other = try await running.connect()
            other.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            try await other.closeOutput()
            #expect(await other.waitForEnd().contains("mine"))
        }
        #expect(errors.withLock { $0 } == [.malformed(.chunkSize), .truncated])
    }
}
