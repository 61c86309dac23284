import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Wire

/// The timeouts of a connection, by a clock that the test moves.
@Suite("ConnectionHandler, time")
struct TimeoutTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"

    private static var timeouts: UpstreamTimeouts {
        var timeouts = UpstreamTimeouts()
        timeouts.head = .seconds(10)
        timeouts.stall = .seconds(5)
        timeouts.continuation = .seconds(1)
        return timeouts
    }

    @Test("the head may take so long and no longer")
    func head() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        #expect(try await rig.sent() == HandlerRig.get)
        try await rig.receive("HTTP/1.1 200 OK\r\nA: ")
        await rig.pass(.milliseconds(9_999))
        #expect(rig.isOpen)
        await rig.pass(.milliseconds(1))
        #expect(!rig.isOpen)
        #expect(await mailbox.next().text == "head_timed_out")
        #expect(rig.host.closed.count == 1 && rig.host.released.count == 0)
    }

    @Test("an interim response starts the time of the head again")
    func interim() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        await rig.pass(.seconds(9))
        try await rig.receive("HTTP/1.1 102 Processing\r\n\r\n")
        await rig.pass(.seconds(9))
        #expect(rig.isOpen)
        #expect(await mailbox.next().text == "interim 102")
        await rig.pass(.seconds(1))
        #expect(await mailbox.next().text == "head_timed_out")
    }

    @Test("each piece of a body starts its time again")
    func body() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        try await rig.receive(Self.head)
        for _ in 0..<4 {
            await rig.pass(.seconds(4))
            try await rig.receive("x")
        }
        #expect(rig.isOpen)
        await rig.pass(.seconds(5))
        #expect(!rig.isOpen)
        #expect(await mailbox.next().text == "head 200")
        #expect(await mailbox.next().text == "body xxxx")
        #expect(await mailbox.next().text == "body_stalled")
        #expect(rig.host.failures.withLock { $0 } == [.bodyStalled])
    }

    @Test("while the reader is slow, the upstream is not late")
    func slowReader() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts, unreadBytesMax: 3)
        try await rig.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n")
        await rig.pass(.minutes(10))
        #expect(rig.isOpen)
        #expect(await mailbox.next().text == "head 200")
        #expect(await mailbox.next().text == "body abcd")
        await rig.settle()
        await rig.pass(.milliseconds(4_999))
        #expect(rig.isOpen)
        await rig.pass(.milliseconds(1))
        #expect(await mailbox.next().text == "body_stalled")
    }

    @Test("the whole exchange is bounded, also while its reader is slow")
    func whole() async throws {
        let rig = try await HandlerRig()
        var timeouts = Self.timeouts
        timeouts.whole = .seconds(12)
        let mailbox = try await rig.start(timeouts: timeouts, unreadBytesMax: 3)
        await rig.pass(.seconds(9))
        try await rig.receive(Self.head + "abc")
        await rig.pass(.seconds(3))
        #expect(!rig.isOpen)
        for expected in ["head 200", "body abc", "timed_out", "timed_out"] {
            #expect(await mailbox.next().text == expected)
        }
    }

    @Test("a body waits for 100 for a while, then it goes")
    func continuation() async throws {
        let rig = try await HandlerRig()
        let request = HTTPRequest.test(.put, "/", [.expect: "100-continue"])
        let body = UpstreamRequestBody.bytes(ByteBuffer(string: "hello"))
        let mailbox = try await rig.start(request, body: body, timeouts: Self.timeouts)
        #expect(try await rig.sent().hasSuffix("\r\n\r\n"))
        await rig.pass(.milliseconds(999))
        #expect(try await rig.sent().isEmpty)
        await rig.pass(.milliseconds(1))
        #expect(try await rig.sent() == "hello")
        // 100 that comes late changes nothing.
        try await rig.receive("HTTP/1.1 100 Continue\r\n\r\n" + ok)
        #expect(try await rig.sent().isEmpty)
        for expected in ["interim 100", "head 200", "body ok", "end"] {
            #expect(await mailbox.next().text == expected)
        }
        #expect(rig.host.released.count == 1)
    }

    @Test("a kept connection is closed when it has been idle for its time")
    func idle() async throws {
        var limits = UpstreamLimits()
        limits.idle = .seconds(20)
        let rig = try await HandlerRig(limits: limits)
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        try await rig.receive(ok)
        #expect(rig.host.released.count == 1)
        await rig.pass(.seconds(19))
        #expect(rig.isOpen)
        await rig.pass(.seconds(1))
        #expect(!rig.isOpen && rig.host.closed.count == 1)
        #expect(await mailbox.next().text == "head 200")
    }

    @Test("a connection is closed a second before the upstream would", arguments: [(5, 4), (1, 0), (99, 20)])
    func idleHint(stated: Int, kept: Int64) async throws {
        var limits = UpstreamLimits()
        limits.idle = .seconds(20)
        let rig = try await HandlerRig(limits: limits)
        _ = try await rig.start(timeouts: Self.timeouts)
        let head = "HTTP/1.1 200 OK\r\nKeep-Alive: max=9, Timeout=\(stated)\r\nContent-Length: 0\r\n\r\n"
        try await rig.receive(head)
        await rig.pass(.seconds(kept) - .milliseconds(1))
        #expect(rig.isOpen == (kept > 0))
        await rig.pass(.milliseconds(1))
        #expect(!rig.isOpen)
    }

    @Test("a kept connection serves again, with all its times")
    func again() async throws {
        let rig = try await HandlerRig()
        for _ in 0..<3 {
            let mailbox = try await rig.start(timeouts: Self.timeouts)
            await rig.pass(.seconds(9))
            try await rig.receive(ok)
            for expected in ["head 200", "body ok", "end", "end"] { #expect(await mailbox.next().text == expected) }
            await rig.pass(.seconds(25))
        }
        #expect(rig.isOpen && rig.host.released.count == 3)
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        await rig.pass(.seconds(10))
        #expect(await mailbox.next().text == "head_timed_out")
    }

    @Test("bytes on an idle connection close it, and bytes behind a message keep it from being kept")
    func unasked() async throws {
        let idle = try await HandlerRig()
        try await idle.receive("H")
        #expect(!idle.isOpen)
        let surplus = try await HandlerRig()
        let mailbox = try await surplus.start(timeouts: Self.timeouts)
        try await surplus.receive(ok + "\r\n")
        #expect(!surplus.isOpen && surplus.host.released.count == 0)
        for expected in ["head 200", "body ok", "end"] { #expect(await mailbox.next().text == expected) }
    }

    @Test("on a connection that is gone, a request fails as one that never reached anybody")
    func gone() async throws {
        let rig = try await HandlerRig()
        try await rig.channel.close().get()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        #expect(await mailbox.next().text == "closed_before_head")
    }

    @Test("a rest that is being drained may take no longer than a stall")
    func drainTime() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        try await rig.receive(Self.head + "abc")
        mailbox.abandon()
        await rig.settle()
        await rig.pass(.milliseconds(4_999))
        #expect(rig.isOpen)
        await rig.pass(.milliseconds(1))
        #expect(!rig.isOpen)
        #expect(await mailbox.next().text == "cancelled")
    }

    @Test("a request that is abandoned before its head closes its connection")
    func abandonedBefore() async throws {
        let rig = try await HandlerRig()
        let mailbox = try await rig.start(timeouts: Self.timeouts)
        mailbox.abandon()
        await rig.settle()
        #expect(!rig.isOpen)
        #expect(await mailbox.next().text == "cancelled")
    }
}
