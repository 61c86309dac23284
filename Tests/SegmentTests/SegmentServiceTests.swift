import Caching
import FoundationEssentials
import Metering
import NIOCore
import ObjectStorage
import ServiceLifecycle
import Synchronization
import Testing
import VitrineTesting

@Suite("A running segment store")
struct SegmentServiceTests {
    /// Runs a store while `body` does, and returns when it has ended.
    private func running(_ store: SegmentStore, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            do {
                try await body()
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("seals a segment when its first line is old enough, and not before")
    func age() async throws {
        let collector = try Collector()
        let clock = ManualClock()
        let store = try await collector.open(clock: clock)
        try await running(store) {
            try await store.append(SampleLine.buffer(0..<2), count: 2)
            for _ in 0..<99 {
                await until { clock.sleeping == 1 }
                clock.advance(by: .milliseconds(100))
            }
            await until { clock.sleeping == 1 }
            #expect(store.statistics.segmentsWaiting + store.statistics.segmentsShipped == 0)
            clock.advance(by: .milliseconds(100))
            await until { store.statistics.segmentsShipped == 1 }
            #expect(try await collector.shipped().ids == ["0", "1"])
            for _ in 0..<200 {
                await until { clock.sleeping == 1 }
                clock.advance(by: .milliseconds(100))
            }
            #expect(try await collector.shipped().manifests.count == 1)
        }
    }

    @Test("ships everything that was acknowledged before it was asked to, and says so by removing the request")
    func requests() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        try await running(store) {
            for number in 0..<20 {
                try await store.append(SampleLine.buffer(number..<number + 1), count: 1)
                try collector.write([], to: "requests/ask-\(number)")
                await until { (try? collector.names("requests")) == [] }
                #expect(try await collector.shipped().ids == (0...number).map(String.init))
            }
            try collector.write([], to: "requests/nothing-new")
            await until { (try? collector.names("requests")) == [] }
        }
        #expect(try await collector.shipped().manifests.count == 20)
    }

    @Test("ships what an earlier process has left, without being asked")
    func left() async throws {
        let collector = try Collector()
        var store = try await collector.open()
        try await store.append(SampleLine.buffer(0..<3), count: 3)
        await store.close()
        store = try await collector.open()
        try await running(store) { await until { store.statistics.segmentsShipped == 1 } }
        #expect(try await collector.shipped().ids == ["0", "1", "2"])
    }

    @Test("tries again after failures, with pauses that grow, while lines are taken")
    func outage() async throws {
        let collector = try Collector()
        let clock = ManualClock()
        let isAway = Mutex(true)
        let away = HookedObjectStore(collector.memory) { _ throws(ObjectStoreError) in
            if isAway.withLock({ $0 }) { throw Away.error }
        }
        let store = try await collector.open(node: nil, store: away, clock: clock)
        try await store.append(SampleLine.buffer(0..<1), count: 1)
        try await running(store) {
            // An hour of ticks.
            for second in 0..<3_600 {
                await until { clock.sleeping >= 1 }
                clock.advance(by: .seconds(1))
                if second % 600 == 0 {
                    try await store.append(SampleLine.buffer(["at \(second)"]), count: 1)
                }
            }
            let failures = store.statistics.shipmentsFailed
            #expect((1...800).contains(failures))
            #expect(store.statistics.linesKept == 7)
            isAway.withLock { $0 = false }
            while store.statistics.segmentsShipped == 0 || store.statistics.segmentsWaiting > 0 {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }
        #expect(try await collector.shipped("made-up").ids.count == 7)
    }

    @Test("takes no more lines when it shuts down, and ships all that it took")
    func shutdown() async throws {
        let collector = try Collector()
        let store = try await collector.open(clock: ManualClock())
        let acknowledged = Mutex(0)
        try await running(store) {
            for number in 0..<50 {
                try await store.append(SampleLine.buffer(number..<number + 1), count: 1)
                acknowledged.withLock { $0 += 1 }
            }
        }
        await expect("closed") { () throws(MeteringError) in try await store.append(SampleLine.buffer(0..<1), count: 1)
        }
        #expect(try await collector.shipped().ids == (0..<50).map(String.init))
        #expect(try collector.names("node-a/open") == [])
        // The folder is free.
        await (try collector.open()).close()
    }

    @Test("leaves on the disk what it could not ship in time when it shut down")
    func shutdownInOutage() async throws {
        let collector = try Collector()
        let hangs = HookedObjectStore(collector.memory) { call throws(ObjectStoreError) in
            guard call.verb == .putIfAbsent else { return }
            // It ends when it is cancelled.
            while !Task.isCancelled { await Task.yield() }
            throw .cancelled
        }
        let store = try await collector.open(store: hangs, clock: HastyClock())
        try await running(store) { try await store.append(SampleLine.buffer(0..<4), count: 4) }
        #expect(try await collector.shipped().manifests.isEmpty)
        let again = try await collector.open()
        try await again.sealAndShip()
        await again.close()
        #expect(try await collector.shipped().ids == ["0", "1", "2", "3"])
    }

    @Test("many callers at once lose no line, and each caller's lines stay in order")
    func crowd() async throws {
        let collector = try Collector()
        var settings = collector.settings
        settings.segmentBytes = 30_000
        settings.groupBytesMax = 4_000
        settings.tick = .milliseconds(1)
        settings.sealAfter = .milliseconds(3)
        let store = try await collector.open(settings, clock: ContinuousClock())
        try await running(store) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<12 {
                    group.addTask {
                        for call in 0..<60 {
                            let ids = (0...call % 7).map { "\(caller).\(call).\($0)" }
                            try await store.append(SampleLine.buffer(ids), count: ids.count)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let shipped = try await collector.shipped()
        var next: [String: [String]] = [:]
        for id in shipped.ids {
            let parts = id.split(separator: ".").map(String.init)
            next[parts[0], default: []].append(parts[1] + "." + parts[2])
        }
        let expected = (0..<60).flatMap { call in (0...call % 7).map { "\(call).\($0)" } }
        for caller in 0..<12 { #expect(next["\(caller)"] == expected, "caller \(caller)") }
        #expect(shipped.manifests.count > 3)
    }
}
