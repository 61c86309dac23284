import Caching
import Synchronization
import Testing

@Suite("Collapser")
struct CollapserTests {
    private struct Broken: Error, Equatable {}

    @Test("equal calls at the same time work once and share the value")
    func sharesValue() async throws {
        let collapser = Collapser<String, Int, Broken>(limits: .init())
        let gate = Gate()
        let runs = Counter()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await collapser.value(for: "a") { () async throws(Broken) in
                        await gate.pass()
                        return runs.next()
                    }
                }
            }
            await until { collapser.load.waiting == 15 }
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: 1, count: 16))
        #expect(collapser.load == (0, 0))
    }

    @Test("a follower receives the leader's failure")
    func sharesFailure() async {
        let collapser = Collapser<String, Int, Broken>(limits: .init())
        let gate = Gate()
        let failures = await withTaskGroup(of: CollapseError<Broken>?.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do throws(CollapseError<Broken>) {
                        _ = try await collapser.value(for: "a") { () async throws(Broken) in
                            await gate.pass()
                            throw Broken()
                        }
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            await until { collapser.load.waiting == 2 }
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures == Array(repeating: .failed(Broken()), count: 3))
    }

    @Test("when the leader is cancelled, a follower starts the work anew")
    func promotes() async throws {
        let collapser = Collapser<String, String, Broken>(limits: .init())
        let gate = Gate()
        // Waited for below, after it has been cancelled.
        let leader = Task {
            try await collapser.value(for: "a") { () async throws(Broken) in
                await gate.pass()
                throw Broken()
            }
        }
        await until { collapser.load.keys == 1 }
        async let follower = collapser.value(for: "a") { () async throws(Broken) in "follower" }
        await until { collapser.load.waiting == 1 }
        leader.cancel()
        gate.open()
        #expect(try await follower == "follower")
        await #expect(throws: CollapseError<Broken>.failed(Broken())) { try await leader.value }
    }

    @Test("a cancelled follower stops waiting at once and leaves the others alone")
    func cancelledFollower() async throws {
        let collapser = Collapser<String, Int, Broken>(limits: .init())
        let gate = Gate()
        async let leader = collapser.value(for: "a") { () async throws(Broken) in
            await gate.pass()
            return 7
        }
        await until { collapser.load.keys == 1 }
        // Waited for below, after it has been cancelled.
        let follower = Task {
            try await collapser.value(for: "a") { () async throws(Broken) in 8 }
        }
        await until { collapser.load.waiting == 1 }
        follower.cancel()
        await #expect(throws: CollapseError<Broken>.cancelled) { try await follower.value }
        gate.open()
        #expect(try await leader == 7)
    }

    @Test("a follower takes a stale permit over while the first leader still hangs")
    func takesOver() async throws {
        let limits = CollapseTable<String>.Limits(permitLifetime: .milliseconds(5), patience: .seconds(60))
        let collapser = Collapser<String, Int, Broken>(limits: limits)
        let gate = Gate()
        async let leader = collapser.value(for: "a") { () async throws(Broken) in
            await gate.pass()
            return 1
        }
        await until { collapser.load.keys == 1 }
        let second = try await collapser.value(for: "a") { () async throws(Broken) in 2 }
        #expect(second == 2)
        gate.open()
        #expect(try await leader == 1)
    }

    @Test("a follower whose patience ends is told so, and a crowd is turned away")
    func limits() async throws {
        let limits = CollapseTable<String>.Limits(
            followersMax: 0,
            permitLifetime: .seconds(60),
            patience: .milliseconds(1)
        )
        let crowded = Collapser<String, Int, Broken>(limits: limits)
        let patient = Collapser<String, Int, Broken>(
            limits: .init(permitLifetime: .seconds(60), patience: .milliseconds(1))
        )
        for (collapser, expected) in [(crowded, CollapseError<Broken>.crowded), (patient, .timedOut)] {
            let gate = Gate()
            async let leader = collapser.value(for: "a") { () async throws(Broken) in
                await gate.pass()
                return 1
            }
            await until { collapser.load.keys == 1 }
            await #expect(throws: expected) {
                try await collapser.value(for: "a") { () async throws(Broken) in 2 }
            }
            gate.open()
            #expect(try await leader == 1)
        }
    }
}

/// Lets nobody pass until it is opened; ignores cancellation, as hanging work does.
private final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

/// Yields until the condition holds.
private func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
