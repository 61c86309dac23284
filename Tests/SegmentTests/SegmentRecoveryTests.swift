import Glibc
import Metering
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A segment store after a crash")
struct SegmentRecoveryTests {
    private static let part = "node-a/open/00000000000000000001-0000000001.lines"

    /// The bytes of a part with so many groups, and where each ends, the header first.
    private func written(_ groups: Int) async throws -> (bytes: [UInt8], ends: [Int]) {
        let collector = try Collector()
        let store = try await collector.open()
        var ends = [32]
        for group in 0..<groups {
            let lines = SampleLine.buffer(ids(of: group))
            try await store.append(lines, count: group + 1)
            ends.append(ends[group] + 32 + lines.readableBytes)
        }
        await store.close()
        return (try collector.bytes(Self.part), ends)
    }

    /// The lines of a group: one in the first, two in the second, and so on.
    private func ids(of group: Int) -> [String] { (0...group).map { "\(group).\($0)" } }

    private func ids(ofFirst groups: Int) -> [String] { (0..<groups).flatMap(ids(of:)) }

    @Test("ships every group that was whole, wherever its part was cut, and goes on behind them")
    func cut() async throws {
        let (bytes, ends) = try await written(4)
        #expect(bytes.count == ends.last)
        // A step that is no divisor of the groups' lengths, and every end with its neighbours.
        let cuts = Set(stride(from: 0, through: bytes.count, by: 97)).union(
            ends.flatMap { [$0 - 1, $0, min($0 + 1, bytes.count)] }
        )
        for cut in cuts.sorted() {
            let collector = try Collector()
            try collector.write(Array(bytes.prefix(cut)), to: Self.part)
            let store = try await collector.open()
            try await store.append(SampleLine.buffer(["after"]), count: 1)
            try await store.sealAndShip()
            let whole = max(0, ends.filter { $0 <= cut }.count - 1)
            let shipped = try await collector.shipped()
            #expect(shipped.ids == ids(ofFirst: whole) + ["after"], "cut at \(cut)")
            #expect(store.statistics.bytesCut == cut - (ends.last { $0 <= cut } ?? 0), "cut at \(cut)")
            await store.close()
            #expect(try collector.names("node-a/open") == [])
        }
    }

    @Test(
        "names a segment of which a bit was changed, and keeps it, unless its last group may have been torn"
    )
    func changed() async throws {
        let (bytes, ends) = try await written(4)
        for place in stride(from: 0, to: bytes.count, by: 37) {
            let collector = try Collector()
            var changed = bytes
            changed[place] ^= 1 << (place % 8)
            try collector.write(changed, to: Self.part)
            let store = try await collector.open()
            try await store.append(SampleLine.buffer(["after"]), count: 1)
            if place >= ends[3] {
                try await store.sealAndShip()
                #expect(try await collector.shipped().ids == ids(ofFirst: 3) + ["after"], "at \(place)")
                await store.close()
                continue
            }
            let group = max(0, ends.filter { $0 <= place }.count - 1)
            let offset = place < 32 ? 0 : ends[group]
            let reason = "00000000000000000001-0000000001.lines has no whole group at byte \(offset)"
            await expect("the segment node-a/00000000000000000001 is damaged: \(reason)") { () throws(MeteringError) in
                try await store.sealAndShip()
            }
            await store.close()
            // The next one was shipped, so that whoever counts sees the gap.
            let second = try ObjectKey(SegmentManifest.keyText(node: "node-a", number: 2))
            #expect(try await collector.memory.head(second).size > 0)
            #expect(try collector.bytes(Self.part) == changed)
            try await salvage(collector, lost: place < 32 ? nil : group)
        }
    }

    /// Ships a damaged segment without its damaged group; a damaged header loses none.
    private func salvage(_ collector: Collector, lost: Int?) async throws {
        var settings = collector.settings
        settings.salvagesDamage = true
        let store = try await collector.open(settings)
        try await store.sealAndShip()
        #expect(store.statistics.groupsLost == 1)
        await store.close()
        let left = (0..<4).filter { $0 != lost }.flatMap(ids(of:))
        #expect(try await collector.shipped().ids == left + ["after"])
    }

    @Test(
        "that was changed at will ships only lines that were written, or says what is wrong",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func fuzz(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (bytes, _) = try await written(5)
        let known = Set(ids(ofFirst: 5) + ["after"])
        for _ in 0..<25 {
            let collector = try Collector()
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...mutated.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: mutated.insert(contentsOf: random.bytes(3), at: place)
                case 1: mutated.removeSubrange(place..<min(mutated.count, place + 40))
                case 2: mutated.insert(contentsOf: mutated[..<place].suffix(500), at: place)
                case 3: mutated += [UInt8](repeating: 0, count: 100)
                default: if place < mutated.count { mutated[place] ^= UInt8.random(in: 1...255, using: &random) }
                }
            }
            try collector.write(mutated, to: Self.part)
            var settings = collector.settings
            settings.salvagesDamage = Bool.random(using: &random)
            let store = try await collector.open(settings)
            try await store.append(SampleLine.buffer(["after"]), count: 1)
            do throws(MeteringError) {
                try await store.sealAndShip()
            } catch {
                guard case .damaged = error, !settings.salvagesDamage else { throw error }
                await store.close()
                continue
            }
            await store.close()
            let ids = try await collector.shipped().ids
            #expect(ids.allSatisfy(known.contains), "seed \(seed)")
            #expect(Set(ids).count == ids.count, "seed \(seed)")
            #expect(ids.last == "after", "seed \(seed)")
        }
    }

    @Test("of a sealed segment that is lost names it; an empty one takes its place when somebody has decided so")
    func lostBody() async throws {
        for name in ["00000000000000000001.csv.zst", "00000000000000000001.json"] {
            let collector = try Collector()
            var store = try await collector.open(
                store: HookedObjectStore(collector.memory) { call throws(ObjectStoreError) in
                    if call.verb == .putIfAbsent { throw Away.error }
                }
            )
            try await store.append(SampleLine.buffer(0..<9), count: 9)
            await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
            await store.close()
            try collector.remove("node-a/sealed/" + name)
            store = try await collector.open()
            let error = await #expect(throws: MeteringError.self) { try await store.sealAndShip() }
            guard case .damaged = error else {
                Issue.record("it is \(String(describing: error))")
                return
            }
            await store.close()
            var settings = collector.settings
            settings.salvagesDamage = true
            store = try await collector.open(settings)
            try await store.append(SampleLine.buffer(["after"]), count: 1)
            try await store.sealAndShip()
            await store.close()
            let shipped = try await collector.shipped()
            #expect(shipped.ids == ["after"])
            #expect(shipped.manifests.map(\.lines) == [0, 1])
            #expect(shipped.manifests[0].received == nil)
        }
    }
}
