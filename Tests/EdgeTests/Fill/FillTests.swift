import NIOCore
import Testing

@testable import Edge

@Suite("A body while it arrives")
struct FillTests {
    private static func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    private static func readAll(_ fill: Fill, _ first: Fill.Reader) async throws -> String {
        var reader = first
        var text = ""
        while let piece = try await fill.next(&reader) { text += String(buffer: piece) }
        fill.leave(reader)
        return text
    }

    @Test("viewers that join early, in the middle and at the end all read the whole")
    func joinAnytime() async throws {
        let fill = Fill(isKept: true)
        let early = try #require(fill.join())
        try await fill.write(Self.bytes("one "))
        let middle = try #require(fill.join())
        try await fill.write(Self.bytes("two"))
        fill.finish()
        let late = try #require(fill.join())
        for reader in [early, middle, late] {
            #expect(try await Self.readAll(fill, reader) == "one two")
        }
        #expect(fill.keptBody().map { String(buffer: $0) } == "one two")
    }

    @Test("a reader that waits is woken by the next bytes")
    func wakesReaders() async throws {
        let fill = Fill(isKept: true)
        let reader = try #require(fill.join())
        async let text = Self.readAll(fill, reader)
        for number in 0..<100 { try await fill.write(Self.bytes("\(number),")) }
        fill.finish()
        #expect(try await text == (0..<100).map { "\($0)," }.joined())
    }

    @Test("a failure reaches every reader, and nothing is whole then")
    func failureReachesReaders() async throws {
        let fill = Fill(isKept: true)
        var reader = try #require(fill.join())
        try await fill.write(Self.bytes("part"))
        fill.finish(.failure(.originFailed))
        fill.finish()
        #expect(try await fill.next(&reader).map { String(buffer: $0) } == "part")
        await #expect(throws: EdgeFailure.originFailed) { _ = try await fill.next(&reader) }
        #expect(fill.keptBody() == nil)
    }

    @Test("a passing body waits for its slowest reader and holds no more than a window and a piece")
    func passingWaits() async throws {
        let fill = Fill(isKept: false, expected: 1)
        let piece = ByteBuffer(repeating: 7, count: Fill.windowBytes)
        let count = 20
        async let written: Void = {
            for _ in 0..<count { try await fill.write(piece) }
            fill.finish()
        }()
        var reader = try #require(fill.join(isExpected: true))
        var received = 0
        while let part = try await fill.next(&reader) {
            received += part.readableBytes
            // What has been written is at most a window, the piece that filled it and what was read.
            #expect(fill.writtenBytes <= received + 2 * Fill.windowBytes)
        }
        fill.leave(reader)
        try await written
        #expect(received == count * Fill.windowBytes)
    }

    @Test("nobody joins a passing body once bytes have gone")
    func passingIsClosed() async throws {
        let fill = Fill(isKept: false, expected: 1)
        var reader = try #require(fill.join(isExpected: true))
        try await fill.write(Self.bytes("a"))
        _ = try await fill.next(&reader)
        #expect(fill.join() == nil)
        fill.leave(reader)
    }

    @Test("a passing body ends when its last reader leaves, also one that never came")
    func passingIsAbandoned() async throws {
        let fill = Fill(isKept: false, expected: 1)
        fill.cease()
        await #expect(throws: EdgeFailure.abandoned) { try await fill.write(Self.bytes("a")) }
        let other = Fill(isKept: false, expected: 1)
        let reader = try #require(other.join(isExpected: true))
        other.leave(reader)
        await #expect(throws: EdgeFailure.abandoned) { try await other.write(Self.bytes("a")) }
    }

    @Test("a kept body goes on without readers")
    func keptGoesOn() async throws {
        let fill = Fill(isKept: true, expected: 1)
        fill.cease()
        try await fill.write(ByteBuffer(repeating: 1, count: 3 * Fill.windowBytes))
        fill.finish()
        #expect(fill.keptBody()?.readableBytes == 3 * Fill.windowBytes)
    }

    @Test("a cancelled reader stops waiting")
    func cancelledReader() async throws {
        let fill = Fill(isKept: true)
        let reader = try #require(fill.join())
        // Waited for below.
        let task = Task { try await Self.readAll(fill, reader) }
        task.cancel()
        await #expect(throws: EdgeFailure.abandoned) { _ = try await task.value }
    }

    @Test("a body that turns out too large to keep becomes a passing one for those who read it")
    func stopsKeeping() async throws {
        let fill = Fill(isKept: true, expected: 1)
        let reader = try #require(fill.join(isExpected: true))
        try await fill.write(Self.bytes("head "))
        fill.stopKeeping()
        async let text = Self.readAll(fill, reader)
        try await fill.write(Self.bytes("tail"))
        fill.finish()
        #expect(try await text == "head tail")
        #expect(fill.keptBody() == nil)
    }
}
