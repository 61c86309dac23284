import Metering
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A segment store after a restart")
struct SegmentRestartTests {
    private static let time: Int64 = 1_763_700_000_000_000

    private func line(received: Int64) -> ByteBuffer {
        ByteBuffer(string: SampleLine.text("e-\(received)", received: received))
    }

    @Test("a new folder tells of no earlier arrival")
    func fresh() async throws {
        let store = try await Collector().open()
        #expect(store.receivedBefore == nil)
        await store.close()
    }

    @Test("tells the newest arrival of before while its line is only on this disk, whatever group it is in")
    func unsealed() async throws {
        let collector = try Collector()
        var store = try await collector.open()
        for step in [1, 3, 2] as [Int64] {
            try await store.append(line(received: Self.time + step), count: 1)
        }
        await store.close()
        store = try await collector.open()
        #expect(store.receivedBefore == Self.time + 3)
        await store.close()
    }

    @Test("tells it when the segment is sealed and the store is away")
    func sealed() async throws {
        let collector = try Collector()
        let away = HookedObjectStore(collector.memory) { call throws(ObjectStoreError) in
            if call.verb == .putIfAbsent || call.verb == .put { throw Away.error }
        }
        var store = try await collector.open(store: away)
        try await store.append(line(received: Self.time + 5), count: 1)
        await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
        await store.close()
        #expect(try collector.names("node-a/sealed").contains { $0.hasSuffix(".json") })
        store = try await collector.open()
        #expect(store.receivedBefore == Self.time + 5)
        await store.close()
    }

    @Test("tells it when everything was shipped, and of the newest segment")
    func shipped() async throws {
        let collector = try Collector()
        var store = try await collector.open()
        for step in [7, 9] as [Int64] {
            try await store.append(line(received: Self.time + step), count: 1)
            try await store.sealAndShip()
        }
        await store.close()
        #expect(try collector.names("node-a/sealed") == ["00000000000000000002.shipped"])
        store = try await collector.open()
        #expect(store.receivedBefore == Self.time + 9)
        await store.close()
    }

    @Test("opens all the same when the note of what was shipped is empty or cut", arguments: ["", "17", "x\n"])
    func notes(text: String) async throws {
        let collector = try Collector()
        var store = try await collector.open()
        try await store.append(line(received: Self.time), count: 1)
        try await store.sealAndShip()
        await store.close()
        try collector.write(Array(text.utf8), to: "node-a/sealed/00000000000000000001.shipped")
        store = try await collector.open()
        #expect(store.receivedBefore == nil)
        try await store.append(line(received: Self.time), count: 1)
        try await store.sealAndShip()
        await store.close()
        #expect(try await collector.shipped().manifests.map(\.number) == [1, 2])
    }

    @Test("waits for a folder that another process has for a moment")
    func patience() async throws {
        let collector = try Collector()
        let first = try await collector.open()
        try await first.append(line(received: Self.time), count: 1)
        let clock = ManualClock()
        var settings = collector.settings
        settings.folderPatience = .seconds(10)
        let patient = settings
        async let second = collector.open(patient, clock: clock)
        await until { clock.sleeping == 1 }
        await first.close()
        clock.advance(by: .milliseconds(100))
        let store = try await second
        #expect(store.receivedBefore == Self.time)
        await store.close()
    }

    @Test("waits no longer than it was told to")
    func impatience() async throws {
        let collector = try Collector()
        let first = try await collector.open()
        var settings = collector.settings
        settings.folderPatience = .seconds(10)
        let patient = settings
        await expect("another process uses \(collector.path)") { () throws(MeteringError) in
            await (try collector.open(patient)).close()
        }
        await first.close()
    }
}
