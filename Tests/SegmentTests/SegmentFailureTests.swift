import Caching
import Glibc
import Metering
import NIOCore
import ObjectStorage
import Synchronization
import Testing
import VitrineTesting

@Suite("A segment store whose disk or object store fails")
struct SegmentFailureTests {
    @Test("ships just what it acknowledged, and goes on when the disk does")
    func disk() async throws {
        let collector = try Collector()
        let disk = collector.disk
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(["0"]), count: 1)
        disk.set { $0.room = 40 }
        await expect("there is no room for more events") { () throws(MeteringError) in
            try await store.append(SampleLine.buffer(["full"]), count: 1)
        }
        disk.heal()
        try await store.append(SampleLine.buffer(["1"]), count: 1)
        disk.set { faults in
            faults.synchronize = EIO
            faults.truncate = EIO
        }
        await expect("the events could not be written (fdatasync: Input/output error)") { () throws(MeteringError) in
            try await store.append(SampleLine.buffer(["failed"]), count: 1)
        }
        disk.heal()
        disk.set { $0.create = EMFILE }
        await expect("the events could not be written (open: Too many open files)") { () throws(MeteringError) in
            try await store.append(SampleLine.buffer(["no file"]), count: 1)
        }
        disk.heal()
        try await store.append(SampleLine.buffer(["2"]), count: 1)
        try await store.append(SampleLine.buffer(["3"]), count: 1)
        #expect(try collector.names("node-a/open").count == 3)
        try await store.sealAndShip()
        let shipped = try await collector.shipped()
        #expect(shipped.ids == ["0", "1", "2", "3"])
        #expect(shipped.manifests.count == 1)
        #expect(store.statistics.linesRefused == 3)
        #expect(store.statistics.groupsFailed == 3)
        await store.close()
        #expect(try collector.names("node-a/open") == [])
    }

    @Test("has no segment of a group that failed, and leaves no gap, when that was the first one")
    func firstGroup() async throws {
        let collector = try Collector()
        var store = try await collector.open()
        for _ in 0..<5 {
            collector.disk.set { $0.synchronize = EIO }
            await expect("the events could not be written (fdatasync: Input/output error)") {
                () throws(MeteringError) in
                try await store.append(SampleLine.buffer(["failed"]), count: 1)
            }
            collector.disk.heal()
            try await store.sealAndShip()
        }
        await store.close()
        store = try await collector.open()
        try await store.append(SampleLine.buffer(["kept"]), count: 1)
        try await store.sealAndShip()
        await store.close()
        #expect(try await collector.shipped().ids == ["kept"])
        #expect(try collector.names("node-a/open") == [])
    }

    @Test("keeps room on the disk for others")
    func freeBytes() async throws {
        let collector = try Collector()
        var settings = collector.settings
        settings.freeBytesMin = 1_000
        let store = try await collector.open(settings)
        collector.disk.set { $0.freeBytes = 1_050 }
        await expect("there is no room for more events") { () throws(MeteringError) in
            try await store.append(SampleLine.buffer(["0"]), count: 1)
        }
        #expect(store.isFull)
        collector.disk.heal()
        // Before the next line comes: who watches may keep lines away until then.
        #expect(!store.isFull)
        try await store.append(SampleLine.buffer(["1"]), count: 1)
        #expect(!store.isFull)
        try await store.sealAndShip()
        #expect(try await collector.shipped().ids == ["1"])
        await store.close()
    }

    @Test("seals again when sealing found no room", arguments: [".csv.zst", ".json"])
    func sealing(suffix: String) async throws {
        let collector = try Collector()
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(0..<100), count: 100)
        collector.disk.set { faults in
            faults.suffix = suffix
            faults.room = 30
        }
        await expect("there is no room for more events") { () throws(MeteringError) in try await store.sealAndShip() }
        #expect(try await collector.shipped().manifests.isEmpty)
        try await store.append(SampleLine.buffer(100..<101), count: 1)
        collector.disk.heal()
        try await store.sealAndShip()
        #expect(try await collector.shipped().ids == (0...100).map(String.init))
        await store.close()
    }

    @Test("takes lines while the store is away, and ships them all in order when it is back")
    func outage() async throws {
        let collector = try Collector()
        let isAway = Mutex(true)
        let store = try await collector.open(
            node: nil,
            store: HookedObjectStore(collector.memory) { _ throws(ObjectStoreError) in
                if isAway.withLock({ $0 }) { throw Away.error }
            }
        )
        for number in 0..<10 {
            try await store.append(SampleLine.buffer(number..<number + 1), count: 1)
            await expect("the segment could not be shipped: the store did not answer (away)") {
                () throws(MeteringError) in
                try await store.sealAndShip()
            }
        }
        #expect(store.statistics.segmentsWaiting == 10)
        #expect(store.statistics.shipmentsFailed == 10)
        #expect(try await collector.shipped("made-up").manifests.isEmpty)
        isAway.withLock { $0 = false }
        try await store.sealAndShip()
        let shipped = try await collector.shipped("made-up")
        #expect(shipped.ids == (0..<10).map(String.init))
        #expect(shipped.manifests.count == 10)
        await store.close()
    }

    @Test("ships a segment once when the store's answers are lost", arguments: ["segments", "manifests"])
    func lostAnswers(which: String) async throws {
        let collector = try Collector()
        let calls = Mutex(0)
        let store = try await collector.open(
            store: HookedObjectStore(
                collector.memory,
                after: { call throws(ObjectStoreError) in
                    guard call.verb == .putIfAbsent, call.key.contains("/\(which)/") else { return }
                    // The first, the third, and so on.
                    let isLost = calls.withLock { calls in
                        calls += 1
                        return calls % 2 == 1
                    }
                    if isLost { throw Away.error }
                }
            )
        )
        try await store.append(SampleLine.buffer(0..<5), count: 5)
        await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
        // The object or the manifest is there, and it is found to be the same.
        try await store.sealAndShip()
        try await store.append(SampleLine.buffer(5..<6), count: 1)
        await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
        await store.close()
        let again = try await collector.open()
        try await again.sealAndShip()
        await again.close()
        let shipped = try await collector.shipped()
        #expect(shipped.ids == (0..<6).map(String.init))
        #expect(shipped.manifests.count == 2)
        #expect(shipped.strays.isEmpty)
    }

    @Test("names another's manifest under its number, leaves it, and ships what comes after")
    func foreign() async throws {
        let collector = try Collector()
        let key = try ObjectKey(SegmentManifest.keyText(node: "node-a", number: 1))
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(["mine"]), count: 1)
        let other = ByteBuffer(string: #"{"version":1,"node":"node-a","number":1,"sha256":"00"}"#)
        try await collector.memory.put(.bytes(other), at: key)
        await expect("there is another segment at \(key)") { () throws(MeteringError) in try await store.sealAndShip() }
        try await store.append(SampleLine.buffer(["next"]), count: 1)
        await expect("there is another segment at \(key)") { () throws(MeteringError) in try await store.sealAndShip() }
        #expect(try await collector.memory.get(key).body.collect(upTo: 1_000) == other)
        #expect(store.statistics.stuck == ["there is another segment at \(key)"])
        #expect(store.statistics.segmentsShipped == 1)
        await store.close()
        // Whoever owns the name takes the other one away; nothing was lost.
        try await collector.memory.delete(key)
        let again = try await collector.open()
        try await again.sealAndShip()
        await again.close()
        #expect(try await collector.shipped().ids == ["mine", "next"])
    }

    @Test("names a compressed segment that was changed, or ships what the store has of it already")
    func changedBody() async throws {
        for isStored in [false, true] {
            let collector = try Collector()
            let store = try await collector.open(
                store: HookedObjectStore(collector.memory) { call throws(ObjectStoreError) in
                    if call.verb == .putIfAbsent, !isStored || call.key.contains("manifests") { throw Away.error }
                }
            )
            try await store.append(SampleLine.buffer(0..<9), count: 9)
            await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
            await store.close()
            let body = "node-a/sealed/00000000000000000001.csv.zst"
            var bytes = try collector.bytes(body)
            bytes[20] ^= 1
            try collector.remove(body)
            try collector.write(bytes, to: body)
            let again = try await collector.open()
            if isStored {
                try await again.sealAndShip()
                #expect(try await collector.shipped().ids == (0..<9).map(String.init))
            } else {
                let reason = "00000000000000000001.csv.zst is missing or not what was sealed"
                let message = "the segment node-a/00000000000000000001 is damaged: \(reason)"
                await expect(message) { () throws(MeteringError) in try await again.sealAndShip() }
                #expect(try await collector.shipped().manifests.isEmpty)
                #expect(try collector.bytes(body) == bytes)
            }
            await again.close()
        }
    }
}
