import Glibc
import Metering
import NIOCore
import ObjectStorage
import Synchronization
import Testing
import VitrineTesting

/// Days in the life of a collector, thousands of steps by seed, against a list of what was acknowledged.
@Suite("A segment store against its model")
struct SegmentModelTests {
    /// What the store holds, in order; lines of calls that failed on the disk may or may not be among them.
    private struct Model {
        var lines: [(id: String, isCertain: Bool)] = []
        var nextID = 0

        mutating func ids(_ count: Int) -> [String] {
            defer { nextID += count }
            return (nextID..<nextID + count).map(String.init)
        }

        /// Whether lines are all certain ones in order, and of the others some.
        func allows(_ ids: [String]) -> Bool {
            var rest = ids[...]
            for line in lines {
                if rest.first == line.id {
                    rest = rest.dropFirst()
                } else if line.isCertain {
                    return false
                }
            }
            return rest.isEmpty
        }
    }

    @Test(
        "ships what the model says, whatever fails and whenever it is opened again",
        arguments: 1...10 as ClosedRange<UInt64>
    )
    func days(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let collector = try Collector()
        let isAway = Mutex(false)
        let hooked = HookedObjectStore(
            collector.memory,
            before: { _ throws(ObjectStoreError) in if isAway.withLock({ $0 }) { throw Away.error } },
            // The last answer is lost, as the store goes away.
            after: { _ throws(ObjectStoreError) in if isAway.withLock({ $0 }) { throw Away.error } }
        )
        var settings = collector.settings
        settings.segmentBytes = 2_000
        var model = Model()
        var store = try await collector.open(settings, store: hooked)
        for _ in 0..<300 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<70: try await append(to: store, &model, &random)
            case 70..<76: breakDisk(collector.disk, &random)
            case 76..<84: collector.disk.heal()
            case 84..<88: isAway.withLock { $0.toggle() }
            case 88..<96:
                // It may fail, and ships some of it then.
                try? await store.sealAndShip()
            default:
                collector.disk.heal()
                isAway.withLock { $0 = false }
                // Nothing is sealed or shipped by closing: the next process finds what this one had.
                await store.close()
                store = try await collector.open(settings, store: hooked)
            }
        }
        collector.disk.heal()
        isAway.withLock { $0 = false }
        try await store.sealAndShip()
        await store.close()
        let shipped = try await collector.shipped()
        #expect(model.allows(shipped.ids), "seed \(seed)")
        #expect(shipped.strays == [], "seed \(seed)")
        #expect(shipped.manifests.count > 5, "seed \(seed)")
        // Only the next segment may have begun, with a group that failed.
        let next = SegmentManifest.keyText(node: "node-a", number: UInt64(shipped.manifests.count + 1))
        let open = try collector.names("node-a/open")
        #expect(open.allSatisfy { next.contains("/\($0.prefix(20)).json") }, "seed \(seed)")
    }

    private func append(to store: SegmentStore, _ model: inout Model, _ random: inout SeededGenerator) async throws {
        let ids = model.ids(Int.random(in: 1...12, using: &random))
        do throws(MeteringError) {
            try await store.append(SampleLine.buffer(ids), count: ids.count)
            model.lines += ids.map { ($0, true) }
        } catch {
            switch error {
            case .full, .disk: model.lines += ids.map { ($0, false) }
            default: throw error
            }
        }
    }

    private func breakDisk(_ disk: FaultyDisk, _ random: inout SeededGenerator) {
        let kind = Int.random(in: 0..<6, using: &random)
        let room = Int.random(in: 0..<3_000, using: &random)
        disk.set { faults in
            switch kind {
            case 0: faults.room = room
            case 1: faults.synchronize = EIO
            case 2: faults.write = EIO
            case 3:
                faults.synchronize = EIO
                faults.truncate = EIO
            case 4: faults.create = EMFILE
            default: faults.remove = EIO
            }
        }
    }
}
