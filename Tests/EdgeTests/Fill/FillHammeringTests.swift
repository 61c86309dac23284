import Caching
import NIOCore
import Testing
import VitrineTesting

@testable import Edge

@Suite("Bodies and heads under many tasks", .timeLimit(.minutes(2)))
struct FillHammeringTests {
    private static func read(_ fill: Fill, _ first: Fill.Reader) async throws(EdgeFailure) -> [UInt8] {
        var reader = first
        defer { fill.leave(reader) }
        var bytes: [UInt8] = []
        while let piece = try await fill.next(&reader) { bytes += Array(piece.readableBytesView) }
        return bytes
    }

    private static func pieces(_ seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        return (0..<300).map { _ in random.bytes(Int.random(in: 1..<200, using: &random)) }
    }

    @Test("readers that come and go at any time read the whole, or nothing wrong", arguments: 0..<5)
    func kept(seed: Int) async throws {
        let pieces = Self.pieces(UInt64(seed))
        let whole = pieces.flatMap { $0 }
        let fill = Fill(isKept: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for piece in pieces {
                    try await fill.write(ByteBuffer(bytes: piece))
                    await Task.yield()
                }
                fill.finish()
            }
            for number in 0..<24 {
                group.addTask {
                    for _ in 0..<number * 7 { await Task.yield() }
                    let reader = try #require(fill.join())
                    guard number % 3 == 0 else {
                        #expect(try await Self.read(fill, reader) == whole)
                        return
                    }
                    // Waited for at once; whatever it has read by then is a beginning.
                    let task = Task { try await Self.read(fill, reader) }
                    for _ in 0..<number { await Task.yield() }
                    task.cancel()
                    if case .success(let bytes) = await task.result { #expect(bytes == whole) }
                }
            }
            try await group.waitForAll()
        }
        #expect(fill.keptBody().map { Array($0.readableBytesView) } == whole)
    }

    @Test("a passing body reaches all who were expected, some of whom leave early", arguments: 0..<5)
    func passing(seed: Int) async throws {
        let pieces = Self.pieces(UInt64(seed) + 100)
        let whole = pieces.flatMap { $0 }
        let fill = Fill(isKept: false, expected: 6)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for piece in pieces { try await fill.write(ByteBuffer(bytes: piece)) }
                fill.finish()
            }
            for number in 0..<6 {
                group.addTask {
                    for _ in 0..<number * 5 { await Task.yield() }
                    if number == 2 { return fill.cease() }
                    var reader = try #require(fill.join(isExpected: true))
                    if number == 4 {
                        _ = try await fill.next(&reader)
                        return fill.leave(reader)
                    }
                    #expect(try await Self.read(fill, reader) == whole)
                }
            }
            try await group.waitForAll()
        }
    }

    private static func flight() -> Flight {
        let subject = PurgeSubject(bornSequence: 0, url: "http://a/x", tags: [])
        return Flight(number: 1, started: .zero, subject: subject, attached: 1)
    }

    @Test("all who wait for a head get the first outcome, and those who give up do not")
    func waiters() async throws {
        let flight = Self.flight()
        let response = Sample.response()
        let told = Count()
        let abandoned = Count()
        var tasks: [Task<Void, Never>] = []
        for _ in 0..<60 {
            // Waited for below.
            let task = Task {
                do throws(EdgeFailure) {
                    if case .stored(let stored, .validated) = try await flight.answer(), stored === response {
                        told.add()
                    }
                } catch {
                    if error == .abandoned { abandoned.add() }
                }
            }
            tasks.append(task)
        }
        await until { flight.waiterCount == 60 }
        for task in tasks.prefix(20) { task.cancel() }
        await until { abandoned.value == 20 }
        flight.resolve(.success(.stored(response, .validated)))
        flight.resolve(.failure(.originFailed))
        for task in tasks { await task.value }
        #expect(told.value == 40 && flight.waiterCount == 0)
        guard case .stored(let again, _) = try await flight.answer() else { return }
        #expect(again === response)
    }

    @Test("a flight that fails cannot be joined, one that is not answered can")
    func joinable() {
        let flight = Self.flight()
        #expect(flight.isJoinable && !flight.isAnswered)
        flight.resolve(.failure(.originFailed))
        #expect(!flight.isJoinable && !flight.isAnswered)
    }
}
