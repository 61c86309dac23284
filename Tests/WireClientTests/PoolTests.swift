import HTTPTypes
import NIOCore
import NIOPosix
import Testing

@testable import Wire

/// How connections are shared, kept, given up and made anew.
@Suite("UpstreamPool, connections")
struct PoolTests {
    private static let once: [Step] = [.request, .send(ok)]
    private static let thenDies: [Step] = [.request, .send(ok), .request, .close]

    @Test("a request on a kept connection that has died is repeated on a new one", arguments: [Step.close, .reset])
    func retry(end: Step) async throws {
        try await RawOrigin.with([.request, .send(ok), .request, end], Self.once) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                let response = try await pool.exchange(.test(.get, "/again"), to: target)
                #expect(response.isRetried && !response.isReusedConnection)
                #expect(try await response.text() == "ok")
                #expect(origin.received(1).hasPrefix("GET /again "))
                #expect(pool.statistics.retries == 1 && pool.statistics.failures.isEmpty)
            }
        }
    }

    @Test("it is repeated once only")
    func retryOnce() async throws {
        try await RawOrigin.with(Self.thenDies, [.request, .close]) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                let error = await pool.failure(from: target)
                #expect(error == .closedBeforeHead(hasBegun: false))
                #expect(origin.connectionCount == 2)
            }
        }
    }

    @Test("POST is not repeated")
    func unsafeMethod() async throws {
        try await RawOrigin.with(Self.thenDies) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                let error = await pool.failure(of: .test(.post), from: target)
                #expect(error == .closedBeforeHead(hasBegun: false))
                #expect(error?.isRetrySafe(for: .post) == false && error?.isRetrySafe(for: .get) == true)
                #expect(origin.connectionCount == 1 && pool.statistics.retries == 0)
            }
        }
    }

    @Test("a streamed body is not repeated, one in memory is")
    func bodies() async throws {
        try await RawOrigin.with(
            Self.thenDies,
            [.receive("hello"), .send(ok), .receive("hello"), .close],
            [.receive("never")]
        ) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                let memory = UpstreamRequestBody.bytes(ByteBuffer(string: "hello"))
                let response = try await pool.exchange(.test(.put), body: memory, to: target)
                #expect(response.isRetried)
                _ = try await response.text()
                let error = await failure { () throws(UpstreamError) in
                    let stream = UpstreamRequestBody.stream(Parts(["hello"]), length: 5)
                    _ = try await pool.exchange(.test(.put), body: stream, to: target)
                }
                #expect(error == .closedBeforeHead(hasBegun: false) && origin.connectionCount == 2)
            }
        }
    }

    @Test("after the first byte of an answer nothing is repeated")
    func begun() async throws {
        try await RawOrigin.with([.request, .send(ok), .request, .send("H"), .close]) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                let error = await pool.failure(from: target)
                #expect(error == .closedBeforeHead(hasBegun: true) && origin.connectionCount == 1)
            }
        }
    }

    @Test("a connection on which something comes unasked is closed")
    func unasked() async throws {
        let gate = Gate()
        try await RawOrigin.with([.request, .send(ok), .wait(gate), .send(ok)], Self.once) { origin, target in
            try await withPool { pool in
                _ = try await pool.text(from: target)
                gate.open()
                await origin.closed.wait()
                let response = try await pool.exchange(.test(), to: target)
                #expect(!response.isReusedConnection || response.isRetried)
                #expect(try await response.text() == "ok")
            }
        }
    }

    @Test("requests beyond the bound wait for a connection, in their order")
    func waiting() async throws {
        var limits = UpstreamLimits()
        limits.connectionsPerTarget = 1
        let asked = Gate()
        let answer = Gate()
        let script: [Step] = [.request, .open(asked), .wait(answer), .send(ok)] + Self.once + Self.once
        try await RawOrigin.with(script) { origin, target in
            try await withPool(limits: limits) { pool in
                try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask { try await pool.text(of: .test(.get, "/1"), from: target) }
                    await asked.wait()
                    group.addTask { try await pool.text(of: .test(.get, "/2"), from: target) }
                    group.addTask { try await pool.text(of: .test(.get, "/3"), from: target) }
                    while pool.statistics.waiting < 2 { await Task.yield() }
                    answer.open()
                    for try await text in group { #expect(text == "ok") }
                }
                #expect(origin.connectionCount == 1 && pool.statistics.connectionsMade == 1)
            }
        }
    }

    @Test("waiting has an end, and a bound")
    func exhausted() async throws {
        var limits = UpstreamLimits()
        limits.connectionsPerTarget = 1
        limits.waitingPerTarget = 1
        let asked = Gate()
        try await RawOrigin.with([.request, .open(asked)]) { origin, target in
            try await withPool(limits: limits) { pool in
                await withTaskGroup(of: UpstreamError?.self) { group in
                    group.addTask { await pool.failure(from: target) }
                    await asked.wait()
                    let late = await pool.failure(from: target, timeouts: .tiny(\.queue))
                    #expect(late == .poolExhausted && late?.fault == .ourselves && late?.isRetrySafe == true)
                    group.addTask { await pool.failure(from: target, timeouts: .tiny()) }
                    while pool.statistics.waiting < 1 { await Task.yield() }
                    let beyond = await pool.failure(from: target, timeouts: .tiny())
                    #expect(beyond == .poolExhausted)
                    group.cancelAll()
                    for await error in group { #expect(error == .cancelled) }
                }
                #expect(pool.statistics.waiting == 0)
                await origin.closed.wait()
            }
        }
    }

    @Test("an idle connection of another target makes room at the bound of all")
    func eviction() async throws {
        var limits = UpstreamLimits()
        limits.connections = 1
        try await RawOrigin.with(Self.once) { first, firstTarget in
            try await RawOrigin.with(Self.once) { _, secondTarget in
                try await withPool(limits: limits) { pool in
                    _ = try await pool.text(from: firstTarget)
                    #expect(try await pool.text(from: secondTarget) == "ok")
                    await first.closed.wait()
                    #expect(pool.statistics.connectionsOpen == 1)
                }
            }
        }
    }

    @Test("an idle connection is closed after its time")
    func idleTime() async throws {
        var limits = UpstreamLimits()
        limits.idle = .milliseconds(20)
        try await RawOrigin.with(Self.once) { origin, target in
            try await withPool(limits: limits) { pool in
                _ = try await pool.text(from: target)
                await origin.closed.wait()
                while pool.statistics.connectionsOpen > 0 { await Task.yield() }
            }
        }
    }

    @Test("a task that is cancelled before the head closes its connection")
    func cancelledBeforeHead() async throws {
        let asked = Gate()
        try await RawOrigin.with([.request, .open(asked)]) { origin, target in
            try await withPool { pool in
                await withTaskGroup(of: UpstreamError?.self) { group in
                    group.addTask { await pool.failure(from: target) }
                    await asked.wait()
                    group.cancelAll()
                    #expect(await group.next() == .some(.cancelled))
                }
                await origin.closed.wait()
            }
        }
    }

    @Test("a task that is cancelled while it reads closes its connection, and reads no complete body")
    func cancelledInBody() async throws {
        let begun = Gate()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nabc"
        try await RawOrigin.with([.request, .send(head)]) { origin, target in
            try await withPool { pool in
                await withTaskGroup(of: UpstreamError?.self) { group in
                    group.addTask {
                        await failure { () throws(UpstreamError) in
                            let response = try await pool.exchange(.test(), to: target)
                            var parts = response.body.makeAsyncIterator()
                            while try await parts.next() != nil { begun.open() }
                        }
                    }
                    await begun.wait()
                    group.cancelAll()
                    #expect(await group.next() == .some(.cancelled))
                }
                await origin.closed.wait()
            }
        }
    }

    @Test("a large body that nobody reads closes its connection")
    func released() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nabc"
        try await RawOrigin.with([.request, .send(head)]) { origin, target in
            try await withPool { pool in
                _ = try await pool.exchange(.test(), to: target)
                await origin.closed.wait()
                #expect(pool.statistics.connectionsIdle == 0)
            }
        }
    }

    @Test("a small rest of a body is drained, and the connection kept", arguments: [true, false])
    func drained(isChunked: Bool) async throws {
        let gate = Gate()
        let (head, rest) =
            isChunked
            ? ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "3\r\ndef\r\n0\r\n\r\n")
            : ("Content-Length: 6\r\n\r\nabc", "def")
        let script: [Step] = [.request, .send("HTTP/1.1 200 OK\r\n" + head), .wait(gate), .send(rest)] + Self.once
        try await RawOrigin.with(script) { origin, target in
            try await withPool { pool in
                _ = try await pool.exchange(.test(), to: target)
                gate.open()
                while pool.statistics.connectionsIdle < 1 { await Task.yield() }
                let second = try await pool.exchange(.test(), to: target)
                #expect(second.isReusedConnection)
                #expect(try await second.text() == "ok")
                #expect(origin.connectionCount == 1)
            }
        }
    }

    @Test("draining has a bound")
    func drainBound() async throws {
        var limits = UpstreamLimits()
        limits.drainBytes = 1_000
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "1000\r\n" + String(repeating: "x", count: 0x1000) + "\r\n"
        let gate = Gate()
        try await RawOrigin.with([.request, .send(head), .wait(gate), .endless(chunk)]) { origin, target in
            try await withPool(limits: limits) { pool in
                _ = try await pool.exchange(.test(), to: target)
                gate.open()
                await origin.closed.wait()
            }
        }
    }

    @Test("an upstream that does not take the request is given up", arguments: [true, false])
    func requestStalled(isStream: Bool) async throws {
        // More than the kernel's buffers hold, for an origin that does not read.
        let text = String(repeating: "x", count: 1 << 20)
        let hold = Gate()
        try await RawOrigin.with([.deaf, .wait(hold)]) { _, target in
            try await withPool { pool in
                let body: UpstreamRequestBody =
                    isStream
                    ? .stream(Parts(Array(repeating: text, count: 64)), length: nil)
                    : .bytes(ByteBuffer(string: String(repeating: text, count: 64)))
                let error = await failure { () throws(UpstreamError) in
                    _ = try await pool.exchange(.test(.put), body: body, to: target, timeouts: .tiny(\.stall))
                }
                #expect(error == .requestStalled)
            }
        }
    }

    @Test("after the shutdown there are no connections and no exchanges")
    func shutdown() async throws {
        let asked = Gate()
        try await RawOrigin.with(Self.once, [.request, .open(asked)]) { origin, target in
            try await withPool { pool in
                await withTaskGroup(of: UpstreamError?.self) { group in
                    _ = try? await pool.text(of: .test(.get, "/", [.connection: "close"]), from: target)
                    group.addTask {
                        await pool.failure(of: .test(.post), from: target)
                    }
                    await asked.wait()
                    await pool.shutdown()
                    #expect(await group.next() == .some(.closedBeforeHead(hasBegun: false)))
                }
                let error = await pool.failure(from: target)
                #expect(error == .shutDown && pool.statistics.connectionsOpen == 0)
                await origin.closed.wait(for: 2)
            }
        }
    }

    @Test("many exchanges at once share few connections")
    func crowd() async throws {
        var limits = UpstreamLimits()
        limits.connectionsPerTarget = 4
        let script = [[Step]](repeating: Self.once, count: 400).flatMap(\.self)
        try await RawOrigin.with(script) { origin, target in
            try await withPool(limits: limits) { pool in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<200 { group.addTask { try await pool.text(from: target, timeouts: .tiny()) } }
                    for try await text in group { #expect(text == "ok") }
                }
                #expect(origin.connectionCount <= 4)
                let statistics = pool.statistics
                #expect(statistics.exchanges == 200 && statistics.failures.isEmpty)
                #expect(statistics.connectionsMade + statistics.connectionsReused == 200)
            }
        }
    }
}
