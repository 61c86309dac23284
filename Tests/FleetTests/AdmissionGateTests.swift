import Fleet
import Synchronization
import Testing

@Suite("AdmissionGate")
struct AdmissionGateTests {
    private struct Broken: Error, Equatable {}

    @Test("never more work than there are permits, and everybody gets one")
    func bounds() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 3), clock: ManualClock())
        let crew = Crew()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    _ = try await gate.withPermit(tenant: "tenant-\(number % 7)") {
                        crew.begin()
                        for _ in 0..<5 { await Task.yield() }
                        crew.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(crew.counts.most == 3)
        #expect(crew.counts.done == 200)
        #expect(gate.load == (0, 0))
        #expect(gate.statistics.admitted == 200)
    }

    @Test("the permit comes back when the work throws, and the error is its result")
    func failure() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 1, waitingMax: 0))
        for _ in 0..<3 {
            let result = try await gate.withPermit(tenant: "a") { () async throws(Broken) -> Int in throw Broken() }
            #expect(result == .failure(Broken()))
        }
        #expect(gate.load == (0, 0))
    }

    @Test("a permit is given back once, by hand or with its last reference")
    func permits() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 2, waitingMax: 0))
        let first = try await gate.permit(tenant: "a")
        do {
            let second = try await gate.permit(tenant: "a")
            #expect(gate.load.running == 2)
            await #expect(throws: AdmissionError.refused(.init(reason: .queueFull, retryAfterSeconds: 1))) {
                _ = try await gate.permit(tenant: "a")
            }
            withExtendedLifetime(second) {}
        }
        #expect(gate.load.running == 1)
        first.giveBack()
        first.giveBack()
        #expect(gate.load.running == 0)
    }

    @Test("a cancelled call stops waiting at once and leaves the others alone")
    func cancelled() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 1), clock: ManualClock())
        let held = try await gate.permit(tenant: "a")
        // Waited for below, after it has been cancelled.
        let first = Task { try await gate.permit(tenant: "a") }
        await until { gate.load.waiting == 1 }
        async let second = gate.permit(tenant: "a")
        await until { gate.load.waiting == 2 }
        first.cancel()
        await #expect(throws: AdmissionError.cancelled) { try await first.value }
        #expect(gate.load == (1, 1))
        held.giveBack()
        try await second.giveBack()
        #expect(gate.load == (0, 0))
        #expect(gate.statistics.cancelled == 1)
    }

    @Test("a call that is cancelled before it waits does not wait")
    func cancelledBefore() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 1), clock: ManualClock())
        let held = try await gate.permit(tenant: "a")
        // Waited for below.
        let call = Task {
            await until { Task.isCancelled }
            return try await gate.permit(tenant: "a")
        }
        call.cancel()
        await #expect(throws: AdmissionError.cancelled) { try await call.value }
        #expect(gate.load == (1, 0))
        held.giveBack()
    }

    @Test("whoever waits too long is told so when the time has come")
    func patience() async throws {
        let clock = ManualClock()
        let gate = AdmissionGate(limits: .init(runningMax: 1, patience: .seconds(5)), clock: clock)
        let held = try await gate.permit(tenant: "a")
        // Waited for below.
        let call = Task { try await gate.permit(tenant: "b") }
        await until { gate.load.waiting == 1 && clock.sleeperCount == 1 }
        clock.advance(by: .milliseconds(4999))
        #expect(gate.load.waiting == 1)
        clock.advance(by: .milliseconds(1))
        await #expect(throws: AdmissionError.refused(.init(reason: .waitedTooLong, retryAfterSeconds: 1))) {
            try await call.value
        }
        held.giveBack()
        #expect(gate.load == (0, 0))
        #expect(clock.sleeperCount == 0)
    }

    @Test("whoever gives way to another tenant is told so at once")
    func givesWay() async throws {
        let gate = AdmissionGate(limits: .init(runningMax: 1, waitingMax: 2), clock: ManualClock())
        let held = try await gate.permit(tenant: "a")
        async let first = gate.permit(tenant: "flood")
        await until { gate.load.waiting == 1 }
        // Waited for below.
        let second = Task { try await gate.permit(tenant: "flood") }
        await until { gate.load.waiting == 2 }
        async let other = gate.permit(tenant: "other")
        await #expect(throws: AdmissionError.refused(.init(reason: .queueFull, retryAfterSeconds: 1))) {
            try await second.value
        }
        held.giveBack()
        try await first.giveBack()
        try await other.giveBack()
        #expect(gate.load == (0, 0))
    }

    @Test("permits, cancellations and time running out together lose no permit and no call", arguments: 0..<5)
    func storm(seed: UInt64) async throws {
        let clock = ManualClock()
        let limits = AdmissionTable.Limits(runningMax: 2, waitingMax: 20, patience: .milliseconds(50))
        let gate = AdmissionGate(limits: limits, clock: clock)
        let outcomes = await withTaskGroup(of: Int.self) { group in
            var generator = SeededGenerator(seed: seed)
            for number in 0..<300 {
                let isCancelled = generator.next() % 3 == 0
                let yields = generator.number(0..<20)
                group.addTask {
                    // Waited for in the next lines.
                    let call = Task {
                        _ = try await gate.withPermit(tenant: "t\(number % 4)") {
                            for _ in 0..<yields { await Task.yield() }
                        }
                    }
                    for _ in 0..<yields { await Task.yield() }
                    if isCancelled { call.cancel() }
                    clock.advance(by: .milliseconds(yields))
                    _ = await call.result
                    return 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(outcomes == 300)
        #expect(gate.load == (0, 0))
        let statistics = gate.statistics
        #expect(statistics.admitted + statistics.cancelled + statistics.refused.values.reduce(0, +) == 300)
    }
}

/// How many work, at most worked at once, and are done.
private final class Crew: Sendable {
    private let state = Mutex((now: 0, most: 0, done: 0))

    var counts: (most: Int, done: Int) { state.withLock { ($0.most, $0.done) } }

    func begin() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func end() {
        state.withLock { state in
            state.now -= 1
            state.done += 1
        }
    }
}

/// Yields until the condition holds.
private func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
