import FoundationEssentials
import ObjectStorage
import Originals
import Testing
import VitrineTesting

@Suite("What happens in the middle of something else", .timeLimit(.minutes(1)))
struct InterleavingTests {
    private let folder: TemporaryFolder
    private let id = OriginalStoreFixture.id(of: [1, 2, 3])

    init() throws { folder = try TemporaryFolder() }

    private func open(_ store: any ObjectStore) async throws -> OriginalStore {
        try await OriginalStore.open(store: store, stagingPath: folder.path(of: "staging")) {
            Date(timeIntervalSince1970: 0)
        }
    }

    @Test("a record that was read before it became private is not believed after")
    func staleReading() async throws {
        let store = HoldingObjectStore(.getRecord)
        let writer = try await open(store)
        _ = try await writer.ingest(pieces(of: [1, 2, 3])) { _ in OriginalStoreFixture.facts }
        // One that has not got the record in memory.
        let originals = try await open(store)
        async let early = originals.find(id)
        await store.waitUntilHeld()
        try await originals.setVisibility(of: id, to: .private)
        store.release()
        _ = try await early
        #expect(try await originals.find(id).visibility == .private)
    }

    @Test("a deletion waits for an ingest of the same bytes, and leaves no record without bytes")
    func deletionDuringIngest() async throws {
        let store = HoldingObjectStore(.putRecord)
        let originals = try await open(store)
        async let ingest = originals.ingest(pieces(of: [1, 2, 3])) { _ in OriginalStoreFixture.facts }
        await store.waitUntilHeld()
        async let deletion: Void = originals.delete(id)
        // The deletion goes as far as it can.
        for _ in 0..<10_000 { await Task.yield() }
        store.release()
        _ = try await (ingest, deletion)
        let left = try await store.list(prefix: .all, after: nil, limit: 10).objects
        #expect(left.isEmpty)
    }
}
