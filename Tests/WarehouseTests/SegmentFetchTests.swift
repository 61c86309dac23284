import FoundationEssentials
import NIOCore
import ObjectStorage
import Synchronization
import Testing
import VitrineTesting
import Warehouse

@Suite("Fetching segments")
struct SegmentFetchTests {
    @Test("all segments of all nodes come, and are what was sealed")
    func all() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...12)
        try await shelf.ship("b.2", 1...3)
        let plan = try await shelf.run()
        #expect(plan.missing.count == 15 && plan.lines == 84)
        let expected = (1...12).map { SegmentShelf.file("a", $0) } + (1...3).map { SegmentShelf.file("b.2", $0) }
        #expect(try shelf.fetched() == expected.sorted())
        for number in 1...12 {
            let path = shelf.folders.segments + "/" + SegmentShelf.file("a", number)
            #expect(FileManager.default.contents(atPath: path) == Data(SegmentShelf.bytes("a", number)))
        }
    }

    @Test("progress ends with everything done")
    func progress() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...9)
        let told = Mutex<[SegmentFetch.Progress]>([])
        let plan = try await shelf.fetch.plan(everything: false)
        try await shelf.fetch.run(plan) { progress in told.withLock { $0.append(progress) } }
        let last = told.withLock { $0.max { $0.done < $1.done } }
        #expect(last?.done == 9 && last?.of == 9 && last?.bytes == plan.bytes && last?.lines == 45)
        #expect(told.withLock { $0.count } == 9)
    }

    @Test("an empty store has nothing to fetch")
    func empty() async throws {
        let shelf = try SegmentShelf()
        #expect(try await shelf.run().found == 0)
    }

    @Test("only what is new is looked at, once the rest is counted")
    func onlyNew() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...5)
        try await shelf.run()
        try shelf.land("a", 1...5)
        // The marks move with the first run after the landing.
        #expect(try await shelf.run().missing.isEmpty)
        try await shelf.ship("a", 6...7)
        let plan = try await shelf.fetch.plan(everything: false)
        #expect(plan.found == 2 && plan.missing.map(\.number) == [6, 7])
        #expect(try await shelf.fetch.plan(everything: true).missing.count == 7)
    }

    @Test("a segment whose bytes are another's that is counted is fetched for itself")
    func equalBytes() async throws {
        let shelf = try SegmentShelf()
        #expect(SegmentShelf.bytes("a", 1) == SegmentShelf.bytes("b", 1))
        try await shelf.ship("a", 1...2)
        try await shelf.run()
        try shelf.land("a", 1...2)
        try await shelf.ship("b", 1...2)
        try await shelf.run()
        #expect(try shelf.fetched().contains(SegmentShelf.file("b", 1)))
        #expect(try shelf.fetched().contains(SegmentShelf.file("b", 2)))
        try shelf.land("b", 1...1)
        let plan = try await shelf.run()
        #expect(plan.missing.map(\.description) == ["segment 2 of node b"])
    }

    @Test("a fetched segment that got lost before it was counted comes again")
    func lostBeforeCounting() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...3)
        try await shelf.run()
        try shelf.land("a", 1...1)
        try await shelf.run()
        try FileManager.default.removeItem(atPath: shelf.folders.segments + "/" + SegmentShelf.file("a", 2))
        try await shelf.run()
        #expect(try shelf.fetched().contains(SegmentShelf.file("a", 2)))
    }

    @Test("a fetched file that was damaged meanwhile comes again")
    func damagedHere() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...2)
        try await shelf.run()
        var bytes = SegmentShelf.bytes("a", 2)
        bytes[5] ^= 1
        try shelf.folder.write(bytes, to: "usage/warehouse/segments/" + SegmentShelf.file("a", 2))
        try await shelf.run()
        let path = shelf.folders.segments + "/" + SegmentShelf.file("a", 2)
        #expect(FileManager.default.contents(atPath: path) == Data(SegmentShelf.bytes("a", 2)))
    }

    @Test("what a killed fetch left is cleared away")
    func leftovers() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...1)
        try shelf.folder.write([1, 2, 3], to: "usage/warehouse/incoming/half")
        try await shelf.run()
        #expect(try shelf.folder.files().filter { $0.contains("incoming") } == [])
    }

    @Test("segments of a folder on this machine are shared, not copied")
    func shared() async throws {
        let place = try TemporaryFolder()
        let shelf = try SegmentShelf(store: try await FileObjectStore.open(path: place.path))
        try await shelf.ship("a", 1...4)
        try await shelf.run()
        #expect(try shelf.fetched().count == 4)
        let mine = shelf.folders.segments + "/" + SegmentShelf.file("a", 3)
        let theirs = place.path + "/" + SegmentShelf.key("a", 3)
        func file(_ path: String) throws -> UInt64? {
            let number = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber]
            return number as? UInt64 ?? (number as? UInt).map { UInt64($0) } ?? (number as? Int).map { UInt64($0) }
        }
        #expect(try file(mine) != nil && file(mine) == file(theirs))
        // The same file under both names is no reason to fail.
        try await shelf.run(everything: true)
        #expect(try shelf.fetched().count == 4)
    }

    @Test("keys that are no manifests are nobody's segments")
    func strangers() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...1)
        for key in [
            "usage/manifests/.hidden/\(SegmentShelf.digits(1)).json", "usage/manifests/a/7.json",
            "usage/manifests/a/notes.txt", "usage/manifests/loose.json", "usage/manifestsx/a.json",
        ] {
            try await shelf.put([1], at: key)
        }
        #expect(try await shelf.run().found == 1)
    }
}
