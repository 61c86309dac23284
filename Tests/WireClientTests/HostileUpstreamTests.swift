import HTTPTypes
import NIOCore
import NIOPosix
import Testing

@testable import Wire

/// Upstreams that hang, lie, break off or never end.
@Suite("UpstreamPool, hostile upstreams")
struct HostileUpstreamTests {
    /// What comes of a script: how far the exchange got, and why it failed.
    private func outcome(
        of script: [Step],
        timeouts: UpstreamTimeouts = UpstreamTimeouts(),
        limits: UpstreamLimits = UpstreamLimits()
    ) async throws -> (hasHead: Bool, error: UpstreamError?, pool: UpstreamStatistics) {
        try await RawOrigin.with(script) { origin, target in
            try await withPool(limits: limits) { pool in
                var hasHead = false
                var failure: UpstreamError?
                do throws(UpstreamError) {
                    let response = try await pool.exchange(.test(), to: target, timeouts: timeouts)
                    hasHead = true
                    _ = try await response.text()
                } catch {
                    failure = error
                }
                if failure != nil { await origin.closed.wait() }
                return (hasHead, failure, pool.statistics)
            }
        }
    }

    @Test("an upstream that hangs before the head, or in it, is given up", arguments: ["", "HTTP/1.1 200 OK\r\nA:"])
    func hangsInHead(start: String) async throws {
        let (hasHead, error, statistics) = try await outcome(
            of: [.request, .send(start)],
            timeouts: .tiny(\.head)
        )
        #expect(!hasHead && error == .headTimedOut)
        #expect(statistics.failures == ["head_timed_out": 1])
        #expect(statistics.connectionsIdle == 0)
    }

    @Test(
        "an upstream that hangs within the body is given up",
        arguments: ["Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "\r\nabc"]
    )
    func hangsInBody(rest: String) async throws {
        let (hasHead, error, statistics) = try await outcome(
            of: [.request, .send("HTTP/1.1 200 OK\r\n" + rest)],
            timeouts: .tiny(\.stall)
        )
        #expect(hasHead && error == .bodyStalled)
        #expect(statistics.failures == ["body_stalled": 1])
    }

    @Test("the whole exchange may take no longer than allowed")
    func wholeTimeout() async throws {
        var timeouts = UpstreamTimeouts.tiny()
        timeouts.whole = .milliseconds(20)
        let before = try await outcome(of: [.request], timeouts: timeouts)
        #expect(before.error == .timedOut)
        timeouts.whole = .milliseconds(100)
        let within = try await outcome(
            of: [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")],
            timeouts: timeouts
        )
        #expect(within.error == .timedOut)
    }

    @Test(
        "a body that breaks off is truncated, by a close and by a reset",
        arguments: ["Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
        [Step.close, .reset]
    )
    func truncated(rest: String, end: Step) async throws {
        let gate = Gate()
        let script: [Step] = [.request, .send("HTTP/1.1 200 OK\r\n" + rest), .wait(gate), end]
        try await RawOrigin.with(script) { _, target in
            try await withPool { pool in
                let response = try await pool.exchange(.test(), to: target)
                var parts = response.body.makeAsyncIterator()
                #expect(try await parts.next().map { String(buffer: $0) } == "abc")
                gate.open()
                await #expect(throws: UpstreamError.truncated) { try await parts.next() }
                // The failure stays.
                await #expect(throws: UpstreamError.truncated) { try await parts.next() }
                #expect(pool.statistics.failures == ["truncated": 1])
            }
        }
    }

    @Test("a body without length that is reset is truncated, not complete")
    func resetUntilClose() async throws {
        let gate = Gate()
        let script: [Step] = [.request, .send("HTTP/1.1 200 OK\r\n\r\nabc"), .wait(gate), .reset]
        try await RawOrigin.with(script) { _, target in
            try await withPool { pool in
                let response = try await pool.exchange(.test(), to: target)
                #expect(response.framing == .untilClose)
                gate.open()
                await #expect(throws: UpstreamError.truncated) { try await response.text() }
            }
        }
    }

    @Test(
        "a connection that ends within the head gives no response",
        arguments: [("", false), ("HTTP/1.1 200 OK\r\nA: b", true)]
    )
    func closedInHead(start: String, hasBegun: Bool) async throws {
        let (hasHead, error, _) = try await outcome(of: [.request, .send(start), .close])
        #expect(!hasHead && error == .closedBeforeHead(hasBegun: hasBegun))
    }

    @Test("a reset before the head is the same as a close")
    func resetBeforeHead() async throws {
        let (_, error, _) = try await outcome(of: [.request, .reset])
        #expect(error == .closedBeforeHead(hasBegun: false))
    }

    @Test("an endless head is given up at its limit", arguments: ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\n"])
    func endlessHead(start: String) async throws {
        let (hasHead, error, statistics) = try await outcome(of: [.request, .send(start), .endless("X-A: bcdefgh\r\n")])
        #expect(!hasHead && error == .headTooLarge)
        #expect(statistics.bytesReceived < 1_000_000)
    }

    @Test("an endless line is given up at its limit")
    func endlessLine() async throws {
        let (hasHead, error, _) = try await outcome(
            of: [.request, .send("HTTP/1.1 200 OK\r\nX-A: "), .endless(String(repeating: "a", count: 1_000))]
        )
        #expect(!hasHead && error == .headTooLarge)
    }

    @Test("endless interim responses are given up at their limit")
    func endlessInformational() async throws {
        let (hasHead, error, _) = try await outcome(of: [.request, .endless("HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n")])
        #expect(!hasHead && error == .tooManyInformational)
    }

    @Test("two lengths, both framings, an unknown coding and a bad chunk are errors, and the connection is closed")
    func badFraming() async throws {
        for (fields, fault) in [
            ("Content-Length: 2\r\nContent-Length: 3\r\n", MessageFault.contentLength),
            ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", .ambiguousFraming),
            ("Transfer-Encoding: gzip, chunked\r\n", .unknownCoding),
        ] {
            let (hasHead, error, _) = try await outcome(of: [.request, .send("HTTP/1.1 200 OK\r\n\(fields)\r\nok")])
            #expect(!hasHead && error == .malformed(fault))
        }
        let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n"
        let (hasHead, error, statistics) = try await outcome(of: [.request, .send(chunk)])
        #expect(hasHead && error == .malformed(.chunkSize))
        #expect(statistics.failures == ["malformed_chunkSize": 1] && statistics.connectionsIdle == 0)
    }

    @Test("an endless body does not fill the memory of a small reader")
    func endlessBody() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let text = String(repeating: "x", count: 0x4000)
        let full = Gate()
        let script: [Step] = [.request, .send(head), .full(full), .endless("4000\r\n\(text)\r\n")]
        var limits = UpstreamLimits()
        limits.unreadBodyBytes = 64 * 1_024
        try await RawOrigin.with(script) { _, target in
            try await withPool(limits: limits) { pool in
                let response = try await pool.exchange(.test(), to: target)
                // When the origin can write no more, all buffers between are full and reading has stopped.
                await full.wait()
                let received = pool.statistics.bytesReceived
                #expect(received < limits.unreadBodyBytes + 1_000_000)
                // Reading goes on when the reader does.
                var count = 0
                for try await part in response.body {
                    count += part.readableBytes
                    if count > 4 * 1_024 * 1_024 { break }
                }
                #expect(pool.statistics.bytesReceived > 4 * 1_024 * 1_024)
            }
        }
    }

    @Test("nobody listens: refused, and safe to ask elsewhere")
    func refused() async throws {
        // A port that was free a moment ago.
        let target = try await RawOrigin.with([]) { _, target in target }
        try await withPool { pool in
            let error = await failure { () throws(UpstreamError) in
                _ = try await pool.exchange(.test(.post), to: target)
            }
            #expect(error == .connectionRefused && error?.isRetrySafe == true && error?.fault == .upstream)
            #expect(pool.statistics.connectionsOpen == 0)
        }
    }

    @Test("a name that is not found")
    func nameNotFound() async throws {
        try await withPool(resolver: LoopbackResolver()) { pool in
            let error = await failure { () throws(UpstreamError) in
                _ = try await pool.exchange(.test(), to: UpstreamTarget(host: "nowhere.test", port: 80))
            }
            #expect(error == .nameNotResolved && error?.isRetrySafe == true)
        }
    }

    @Test("a TLS handshake that never ends is given up")
    func silentHandshake() async throws {
        try await RawOrigin.with([.receive("never")]) { origin, target in
            try await withPool { pool in
                let error = await failure { () throws(UpstreamError) in
                    let target = UpstreamTarget(host: target.host, port: target.port, isTLS: true)
                    _ = try await pool.exchange(.test(), to: target, timeouts: .tiny(\.connect))
                }
                #expect(error == .connectTimedOut)
                await origin.closed.wait()
                #expect(pool.statistics.connectionsOpen == 0)
            }
        }
    }
}
