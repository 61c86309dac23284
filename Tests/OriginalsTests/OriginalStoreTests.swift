import DeliveryTypes
import FoundationEssentials
import NIOCore
import ObjectStorage
import Originals
import Testing
import VitrineTesting

struct OriginalStoreTests {
    @Test("what was never stored is not found")
    func notFound() async throws {
        let fixture = try await OriginalStoreFixture()
        let id = OriginalStoreFixture.id(of: [1])
        for attempt in [
            { _ = try await fixture.originals.find(id) }, { _ = try await fixture.originals.open(id) },
            { _ = try await fixture.originals.localFile(id) },
            { _ = try await fixture.originals.setVisibility(of: id, to: .public) },
        ] as [() async throws -> Void] {
            let error = try await originalsError(attempt)
            guard case .notFound(id) = error else { throw error }
        }
        try await fixture.originals.delete(id)
    }

    @Test("pages of any size list every original once, in the order of ids, and no bytes without a record")
    func listing() async throws {
        let fixture = try await OriginalStoreFixture()
        var ids: [ContentDigest] = []
        for number in UInt8(0)..<23 { ids.append(try await fixture.ingest([number]).original.id) }
        ids.sort { $0.hex < $1.hex }
        let orphan = OriginalStoreFixture.id(of: [99])
        try await fixture.objects.put(.bytes(ByteBuffer(bytes: [99])), at: orphan.objectKey(.png))
        try await fixture.objects.put(.bytes(ByteBuffer()), at: ObjectKey("originals/notes.json"))
        let damaged = ids[7]
        try await fixture.objects.put(.bytes(ByteBuffer(string: "{")), at: damaged.recordKey)
        for limit in [1, 2, 5, 23, 100] {
            let neighbour = try await fixture.neighbour()
            var listed: [ContentDigest] = []
            var unreadable: [ContentDigest] = []
            var after: ContentDigest?
            repeat {
                let page = try await neighbour.list(after: after, limit: limit)
                #expect(page.originals.count + page.damaged.count <= limit)
                listed += page.originals.map(\.id)
                unreadable += page.damaged
                after = page.next
            } while after != nil
            #expect(listed == ids.filter { $0 != damaged }, "pages of \(limit)")
            #expect(unreadable == [damaged])
        }
    }

    @Test("a change of visibility is seen at once here, and by others when their record is too old to be believed")
    func visibility() async throws {
        let fixture = try await OriginalStoreFixture()
        let id = try await fixture.ingest([1]).original.id
        let neighbour = try await fixture.neighbour()
        #expect(try await neighbour.find(id).visibility == .public)
        let changed = try await fixture.originals.setVisibility(of: id, to: .private)
        #expect(changed.visibility == .private)
        #expect(try await fixture.originals.find(id).visibility == .private)
        #expect(try await neighbour.find(id).visibility == .public, "believed for some seconds")
        fixture.time.advance(seconds: 11)
        #expect(try await neighbour.find(id).visibility == .private)
        #expect(try await fixture.originals.find(id) == neighbour.find(id))
    }

    @Test("a deleted original is gone with its bytes, and can be stored again")
    func deletion() async throws {
        let fixture = try await OriginalStoreFixture()
        let id = try await fixture.ingest([1], IngestAttributes(owner: "a", visibility: .private)).original.id
        let other = try await fixture.ingest([2]).original.id
        try await fixture.originals.delete(id)
        let error = try await originalsError { _ = try await fixture.originals.find(id) }
        guard case .notFound = error else { throw error }
        #expect(try fixture.files().count == 2)
        #expect(try await fixture.originals.find(other).id == other)
        let again = try await fixture.ingest([1], IngestAttributes(owner: "b"))
        #expect(!again.existed && again.original.owner == "b" && again.original.visibility == .public)
    }

    @Test("an original that another process deleted is not found, even if its record is still in memory")
    func deletedElsewhere() async throws {
        let fixture = try await OriginalStoreFixture()
        let id = try await fixture.ingest([1]).original.id
        try await fixture.neighbour().delete(id)
        let error = try await originalsError { _ = try await fixture.originals.open(id) }
        guard case .notFound(id) = error else { throw error }
    }

    @Test("ingests, changes and deletions of one original at once end in a whole one or none", arguments: 1...5)
    func concurrent(seed: Int) async throws {
        let fixture = try await OriginalStoreFixture()
        let id = OriginalStoreFixture.id(of: [1, 2, 3])
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    switch (number + seed) % 5 {
                    case 0, 1: _ = try? await fixture.ingest([1, 2, 3])
                    case 2: try? await fixture.originals.delete(id)
                    case 3: _ = try? await fixture.originals.setVisibility(of: id, to: .private)
                    default: _ = try? await fixture.originals.find(id)
                    }
                }
            }
        }
        let files = try fixture.files()
        #expect(files.count == 2 || files.isEmpty, "\(files)")
        if files.isEmpty {
            let error = try await originalsError { _ = try await fixture.originals.find(id) }
            guard case .notFound = error else { throw error }
        } else {
            #expect(try await fixture.originals.find(id) == fixture.neighbour().find(id))
        }
    }

    @Test("no more records than the limit are held, and the least used goes first")
    func bounded() async throws {
        var limits = OriginalStoreLimits()
        limits.recordsMax = 3
        var counting: FailingObjectStore?
        let fixture = try await OriginalStoreFixture(limits: limits) { store in
            let wrapped = FailingObjectStore(store, failing: 0, afterwards: false)
            counting = wrapped
            return wrapped
        }
        let store = try #require(counting)
        var ids: [ContentDigest] = []
        for number in UInt8(0)..<4 { ids.append(try await fixture.ingest([number]).original.id) }
        func readsStore(_ index: Int) async throws -> Bool {
            let before = store.count
            _ = try await fixture.originals.find(ids[index])
            return store.count > before
        }
        #expect(try await readsStore(1) == false)
        #expect(try await readsStore(0), "the first was dropped for the fourth, and now the third is dropped for it")
        #expect(try await readsStore(1) == false, "it was used since")
        #expect(try await readsStore(3) == false)
        #expect(try await readsStore(2))
    }
}
