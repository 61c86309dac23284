import ObjectStorage
import Testing
import VitrineTesting
import Warehouse

@Suite("What waits to be counted")
struct SegmentTrailTests {
    @Test("is what the store has beyond the segments that are landed in a row")
    func waiting() async throws {
        let shelf = try SegmentShelf()
        var trail = SegmentTrail(store: shelf.store, folders: shelf.folders)
        var waiting = try await trail.look()
        #expect(waiting == SegmentTrail.Waiting())
        try await shelf.ship("a", 1...5)
        try await shelf.ship("b", 1...2)
        waiting = try await trail.look()
        #expect(waiting.segments == 7 && waiting.oldestMicroseconds == 1)
        try shelf.land("a", 1...3)
        try shelf.land("a", 5...5)
        try shelf.land("b", 1...2)
        waiting = try await trail.look()
        #expect(waiting.segments == 2 && waiting.oldestMicroseconds == 1)
        try shelf.land("a", 4...4)
        waiting = try await trail.look()
        #expect(waiting == SegmentTrail.Waiting())
        try await shelf.ship("b", 3...3)
        waiting = try await trail.look()
        #expect(waiting.segments == 1)
    }

    @Test("is found a bounded number of manifests at a time, and from then on at once")
    func bounded() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...300)
        try shelf.land("a", 1...299)
        var trail = SegmentTrail(store: shelf.store, folders: shelf.folders)
        var found: [Int] = []
        for _ in 0..<3 { found.append(try await trail.look().segments) }
        #expect(found == [44, 1, 1])
    }

    @Test("goes over a manifest that is none: the next run names it")
    func damaged() async throws {
        let shelf = try SegmentShelf()
        try await shelf.ship("a", 1...2)
        try await shelf.put(Array("x".utf8), at: SegmentShelf.manifestKey("a", 1))
        var trail = SegmentTrail(store: shelf.store, folders: shelf.folders)
        let waiting = try await trail.look()
        #expect(waiting.segments == 2 && waiting.oldestMicroseconds == nil)
    }
}
