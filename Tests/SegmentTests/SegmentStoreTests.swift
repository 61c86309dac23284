import Caching
import Metering
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A segment store")
struct SegmentStoreTests {
    @Test("ships what was acknowledged: in order, each line once, under numbers without a gap")
    func ships() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(0..<3), count: 3)
        try await store.append(ByteBuffer(), count: 0)
        try await store.append(SampleLine.buffer(3..<4), count: 1)
        #expect(try await collector.shipped().manifests.isEmpty)
        try await store.sealAndShip()
        try await store.append(SampleLine.buffer(4..<6), count: 2)
        try await store.sealAndShip()
        try await store.sealAndShip()
        let shipped = try await collector.shipped()
        #expect(shipped.ids == (0..<6).map(String.init))
        #expect(shipped.manifests.map(\.lines) == [4, 2])
        #expect(shipped.strays.isEmpty)
        let statistics = store.statistics
        #expect(statistics.linesKept == 6)
        #expect(statistics.linesShipped == 6)
        #expect(statistics.segmentsShipped == 2)
        #expect(statistics.diskBytes == 0)
        #expect(statistics.shippedReceivedMicroseconds == 1_763_700_000_500_000)
        await store.close()
        #expect(try collector.names("node-a/open") == [])
        #expect(try collector.names("node-a/sealed") == ["00000000000000000002.shipped"])
    }

    @Test("goes on with the next number when it is opened again, also when nothing is left to ship")
    func numbers() async throws {
        let collector = try Collector()
        for round in 0..<4 {
            let store = try await collector.open()
            try await store.append(SampleLine.buffer(round..<round + 1), count: 1)
            try await store.sealAndShip()
            await store.close()
        }
        #expect(try await collector.shipped().ids == ["0", "1", "2", "3"])
    }

    @Test("keeps what was not shipped for the next start")
    func kept() async throws {
        let collector = try Collector()
        var store = try await collector.open()
        try await store.append(SampleLine.buffer(0..<2), count: 2)
        await store.close()
        store = try await collector.open()
        try await store.append(SampleLine.buffer(2..<3), count: 1)
        #expect(store.statistics.segmentsWaiting == 1)
        await store.close()
        store = try await collector.open()
        try await store.sealAndShip()
        await store.close()
        let shipped = try await collector.shipped()
        #expect(shipped.ids == ["0", "1", "2"])
        #expect(shipped.manifests.map(\.lines) == [2, 1])
    }

    @Test("writes calls that come while it writes as one group")
    func groups() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(["first"]), count: 1)
        collector.disk.set { faults in
            faults.isShut = true
            faults.writes = 0
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.append(SampleLine.buffer(["a"]), count: 1) }
            await until { collector.disk.faults.writes == 1 }
            for number in 0..<40 {
                group.addTask { try await store.append(SampleLine.buffer(["\(number)"]), count: 1) }
            }
            let bytes = (0..<40).reduce(0) { $0 + SampleLine.buffer(["\($1)"]).readableBytes }
            await until { store.statistics.waitingBytes == bytes }
            collector.disk.set { $0.isShut = false }
            try await group.waitForAll()
        }
        #expect(store.statistics.groups == 3)
        try await store.sealAndShip()
        #expect(try await Set(collector.shipped().ids).count == 42)
        await store.close()
    }

    @Test("seals a segment when it is long enough")
    func size() async throws {
        let collector = try Collector()
        var settings = collector.settings
        settings.segmentBytes = 1_000
        let store = try await collector.open(settings)
        for number in 0..<50 { try await store.append(SampleLine.buffer(number..<number + 1), count: 1) }
        #expect(store.statistics.segmentsWaiting > 3)
        try await store.sealAndShip()
        let shipped = try await collector.shipped()
        #expect(shipped.ids == (0..<50).map(String.init))
        #expect(shipped.manifests.dropLast().allSatisfy { (1_000..<1_200).contains(32 + $0.rawBytes + $0.lines * 32) })
        await store.close()
    }

    @Test("refuses at once when too much waits, and loses nothing of what it took")
    func busy() async throws {
        let collector = try Collector()
        var settings = collector.settings
        settings.waitingBytesMax = 1_000
        settings.retryAfter = .seconds(7)
        let store = try await collector.open(settings)
        collector.disk.set { $0.isShut = true }
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await store.append(SampleLine.buffer(["first"]), count: 1)
                return true
            }
            await until { collector.disk.faults.writes == 1 }
            for number in 0..<40 {
                group.addTask {
                    do throws(MeteringError) {
                        try await store.append(SampleLine.buffer(["\(number)"]), count: 1)
                        return true
                    } catch {
                        guard case .busy(.seconds(7)) = error else { throw error }
                        return false
                    }
                }
            }
            await until { store.statistics.linesRefused > 20 }
            #expect(store.statistics.waitingBytes <= 1_000)
            await until { store.statistics.linesRefused + store.statistics.waitingBytes / 80 >= 40 }
            collector.disk.set { $0.isShut = false }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect((2..<20).contains(taken))
        try await store.sealAndShip()
        #expect(try await collector.shipped().lines.count == taken)
        await store.close()
    }

    @Test("is full when its part of the disk is, and takes lines again when some were shipped")
    func budget() async throws {
        let collector = try Collector()
        var settings = collector.settings
        settings.diskBytesMax = 5_000
        let store = try await collector.open(settings)
        var kept = 0
        while kept < 1_000 {
            do throws(MeteringError) {
                try await store.append(SampleLine.buffer(kept..<kept + 1), count: 1)
                kept += 1
            } catch {
                guard case .full = error else { throw error }
                break
            }
        }
        #expect((20..<100).contains(kept))
        #expect(store.statistics.diskBytes <= 5_000)
        try await store.sealAndShip()
        try await store.append(SampleLine.buffer(kept..<kept + 1), count: 1)
        try await store.sealAndShip()
        #expect(try await collector.shipped().ids == (0...kept).map(String.init))
        await store.close()
    }

    @Test("takes nothing after it was closed, and closing it again is no harm")
    func closed() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        await store.close()
        await store.close()
        await expect("closed") { () throws(MeteringError) in try await store.append(SampleLine.buffer(0..<1), count: 1)
        }
        await expect("closed") { () throws(MeteringError) in try await store.sealAndShip() }
    }

    @Test("belongs to one process at a time")
    func taken() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        await expect("another process uses \(collector.path)") { () throws(MeteringError) in
            await (try collector.open()).close()
        }
        await store.close()
        await (try collector.open()).close()
    }

    @Test("keeps the name that it was given at first, and makes another for a file that was cut")
    func name() async throws {
        let collector = try Collector()
        var store = try await collector.open(node: nil)
        #expect(store.node == "made-up")
        await store.close()
        #expect(try collector.bytes("name") == Array("made-up\n".utf8))
        try collector.write(Array("kept.1\n".utf8), to: "name")
        store = try await collector.open(node: nil)
        #expect(store.node == "kept.1")
        await store.close()
        try collector.write(Array("kept".utf8), to: "name")
        store = try await collector.open(node: nil)
        #expect(store.node == "made-up")
        await store.close()
    }

    @Test(
        "takes no name that is no part of a path and a key",
        arguments: [
            "", "lock", "name", "requests", "a/b", "..", ".a", "-a", "ä", "a b", String(repeating: "a", count: 65),
        ]
    )
    func invalidName(_ name: String) async throws {
        let collector = try Collector()
        await expect("\(name) is no name of a node") { () throws(MeteringError) in
            await (try collector.open(node: name)).close()
        }
    }

    @Test("ships what it has left under an earlier name, under that name")
    func renamed() async throws {
        let collector = try Collector()
        var store = try await collector.open(node: "before")
        try await store.append(SampleLine.buffer(0..<2), count: 2)
        await store.close()
        store = try await collector.open(node: "after")
        try await store.append(SampleLine.buffer(2..<3), count: 1)
        try await store.sealAndShip()
        await store.close()
        #expect(try await collector.shipped("before").ids == ["0", "1"])
        #expect(try await collector.shipped("after").ids == ["2"])
    }

    @Test("goes on behind what its name has shipped when its folder was lost", arguments: [1, 2, 3, 7, 8, 20])
    func lostFolder(count: Int) async throws {
        let collector = try Collector()
        var store = try await collector.open()
        for number in 0..<count {
            try await store.append(SampleLine.buffer(number..<number + 1), count: 1)
            try await store.sealAndShip()
        }
        await store.close()
        try collector.remove("node-a")
        store = try await collector.open()
        try await store.append(SampleLine.buffer(count..<count + 1), count: 1)
        try await store.sealAndShip()
        await store.close()
        #expect(try await collector.shipped().ids == (0...count).map(String.init))
    }

    @Test("does not begin a named node's folder while nobody knows which numbers are taken")
    func lostFolderAndStore() async throws {
        let collector = try Collector()
        let away = HookedObjectStore(collector.memory) { _ throws(ObjectStoreError) in throw Away.error }
        await expect("the segment could not be shipped: the store did not answer (away)") { () throws(MeteringError) in
            await (try collector.open(store: away)).close()
        }
        let store = try await collector.open(node: nil, store: away)
        try await store.append(SampleLine.buffer(0..<1), count: 1)
        await store.close()
    }
}
