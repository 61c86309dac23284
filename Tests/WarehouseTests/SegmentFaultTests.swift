import NIOCore
import ObjectStorage
import Testing
import VitrineTesting
import Warehouse

@Suite("Segments that cannot be trusted")
struct SegmentFaultTests {
    /// A shelf with five segments of two nodes each, after something was done to it.
    private func refusal(_ harm: (SegmentShelf) async throws -> Void) async throws -> WarehouseError {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...5)
        try await shelf.ship("b", 1...5)
        try await harm(shelf)
        let error = try #require(await shelf.refusal())
        #expect(error.code == .segments)
        #expect(error.remedy?.contains("nothing was counted") == true)
        return error
    }

    @Test("a segment that is missing in the middle is named")
    func gap() async throws {
        let one = try await refusal { try await $0.delete(SegmentShelf.manifestKey("a", 3)) }
        #expect(one.reason == "segment 3 of node a is missing, and 4 is there")
        let first = try await refusal {
            try await $0.delete(SegmentShelf.manifestKey("b", 1))
            try await $0.delete(SegmentShelf.manifestKey("b", 2))
        }
        #expect(first.reason == "segments 1 to 2 of node b are missing, and 3 is there")
    }

    @Test("an object that is gone is named")
    func gone() async throws {
        let error = try await refusal { try await $0.delete(SegmentShelf.key("b", 2)) }
        #expect(error.reason.contains("segment 2 of node b is missing"))
        #expect(error.reason.contains(SegmentShelf.key("b", 2)))
    }

    @Test("an object with other bytes is named, also of the same length")
    func otherBytes() async throws {
        let changed = try await refusal { shelf in
            var bytes = SegmentShelf.bytes("a", 4)
            bytes[bytes.count - 1] ^= 0x80
            try await shelf.put(bytes, at: SegmentShelf.key("a", 4))
        }
        #expect(changed.reason.contains("segment 4 of node a is damaged") && changed.reason.contains("SHA-256"))
        let short = try await refusal { shelf in
            try await shelf.put(Array(SegmentShelf.bytes("a", 4).dropLast()), at: SegmentShelf.key("a", 4))
        }
        #expect(short.reason.contains("segment 4 of node a is damaged") && short.reason.contains("127 bytes, not 128"))
    }

    @Test("everything that is wrong is named at once")
    func several() async throws {
        let error = try await refusal { shelf in
            try await shelf.delete(SegmentShelf.key("a", 2))
            try await shelf.put([1, 2], at: SegmentShelf.key("b", 5))
        }
        #expect(error.reason.contains("segment 2 of node a") && error.reason.contains("segment 5 of node b"))
    }

    @Test(
        "a manifest that is none is named with what is wrong",
        arguments: [
            ("", "not JSON"), ("{\"version\":1", "not JSON"), ("[]", "version"), ("{\"version\":2}", "version"),
            (SegmentShelf.manifest("a", 2), "another segment's"), (SegmentShelf.manifest("b", 3), "another segment's"),
            (SegmentShelf.manifest("a", 3).replacing("\"bytes\":121", with: "\"bytes\":-1"), "bytes"),
            (SegmentShelf.manifest("a", 3).replacing("\"lines\":3", with: "\"lines\":-1"), "lines"),
            (SegmentShelf.manifest("a", 3).replacing("usage/segments/a/", with: "usage/segments/b/"), "its object"),
            (SegmentShelf.manifest("a", 3).replacing("csv.zst", with: "../../x"), "its object"),
        ]
    )
    func badManifest(text: String, reason: String) async throws {
        let error = try await refusal { shelf in
            try await shelf.put(Array(text.utf8), at: SegmentShelf.manifestKey("a", 3))
        }
        #expect(error.reason.contains(SegmentShelf.manifestKey("a", 3)) && error.reason.contains(reason))
    }

    @Test("a store that went back in time is noticed")
    func backInTime() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...5)
        try await shelf.run()
        try shelf.land("a", 1...5)
        try await shelf.run()
        try await shelf.delete(SegmentShelf.manifestKey("a", 5))
        let lost = try #require(await shelf.refusal())
        #expect(lost.reason == "segment 5 of node a, counted earlier, is no longer in the store")
        #expect(await shelf.refusal(everything: true)?.reason == lost.reason)
        for number in 1...4 { try await shelf.delete(SegmentShelf.manifestKey("a", number)) }
        #expect(await shelf.refusal()?.reason == "the store has no segments of node a any more")
    }

    @Test("another segment under a counted number is noticed")
    func replaced() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...2)
        try await shelf.run()
        try shelf.land("a", 1...2)
        try await shelf.run()
        let other = SegmentShelf.manifest("a", 2).replacing(
            SegmentShelf.digest(SegmentShelf.bytes("a", 2)),
            with: SegmentShelf.digest([1])
        )
        try await shelf.put(Array(other.utf8), at: SegmentShelf.manifestKey("a", 2))
        #expect(await shelf.refusal()?.reason == "segment 2 of node a is not the one that was counted earlier")
    }

    @Test("a store that does not answer is told from a missing segment")
    func away() async throws {
        struct Away: Error {}
        let memory = MemoryObjectStore()
        let shelf = try SegmentShelf(store: memory)
        try await shelf.ship("a", 1...2)
        let failing = UnansweringStore(store: memory)
        let error = await #expect(throws: WarehouseError.self) {
            _ = try await SegmentFetch(store: failing, folders: shelf.folders).plan(everything: false)
        }
        #expect(error?.code == .store)
    }

    @Test(
        "harmed stores are refused or fetched whole, whatever was done to them",
        arguments: 1...40 as ClosedRange<UInt64>
    )
    func random(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let shelf = try SegmentShelf()
        let counts = ["a": Int.random(in: 1...6, using: &generator), "b": Int.random(in: 1...6, using: &generator)]
        for (node, count) in counts { try await shelf.ship(node, 1...count) }
        let isHarmed = Bool.random(using: &generator)
        if isHarmed {
            let node = Bool.random(using: &generator) ? "a" : "b"
            let number = Int.random(in: 1...(counts[node] ?? 1), using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: try await shelf.delete(SegmentShelf.key(node, number))
            case 1:
                var bytes = SegmentShelf.bytes(node, number)
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
                try await shelf.put(bytes, at: SegmentShelf.key(node, number))
            default:
                // The last one may be away without notice: nobody can know of it.
                try await shelf.delete(SegmentShelf.key(node, number))
                try await shelf.put([UInt8](repeating: 7, count: 3), at: SegmentShelf.manifestKey(node, number))
            }
        }
        let error = await shelf.refusal()
        #expect((error != nil) == isHarmed)
        #expect(error.map { $0.code == .segments } ?? true)
    }
}
