import DeliveryTypes
import Foundation
import NIOCore
import ObjectStorage
import Originals
import Testing
import VitrineTesting

@Suite("What is cut off in the middle is completed by doing it again")
struct RecoveryTests {
    private static let picture = Array("a picture of a lake".utf8)

    @Test("an ingest whose every store call fails in turn", arguments: [false, true])
    func ingest(afterwards: Bool) async throws {
        let id = OriginalStoreFixture.id(of: Self.picture)
        for number in 1... {
            var failing: FailingObjectStore?
            let fixture = try await OriginalStoreFixture { store in
                let wrapped = FailingObjectStore(store, failing: number, afterwards: afterwards)
                failing = wrapped
                return wrapped
            }
            let outcome = try? await fixture.ingest(Self.picture)
            let store = try #require(failing)
            if store.count < number {
                #expect(number > 3, "there are at least a look, the bytes and the record")
                break
            }
            if outcome == nil {
                // Whoever can see the original can read all of it.
                if let opened = try? await fixture.neighbour().open(id) {
                    let bytes = try await opened.object.body.collect(upTo: 100)
                    #expect(Array(bytes.readableBytesView) == Self.picture)
                }
                #expect(try fixture.files().allSatisfy { !$0.hasPrefix("staging/") })
            }
            _ = try await fixture.ingest(Self.picture)
            #expect(try fixture.files().count == 2)
            let bytes = try await fixture.neighbour().open(id).object.body.collect(upTo: 100)
            #expect(Array(bytes.readableBytesView) == Self.picture)
        }
    }

    @Test("a deletion whose every store call fails in turn", arguments: [false, true])
    func deletion(afterwards: Bool) async throws {
        let id = OriginalStoreFixture.id(of: Self.picture)
        let fixture = try await OriginalStoreFixture()
        for number in 1... {
            _ = try await fixture.ingest(Self.picture)
            let failing = FailingObjectStore(fixture.objects, failing: number, afterwards: afterwards)
            let originals = try await OriginalStore.open(
                store: failing,
                stagingPath: fixture.folder.path(of: "staging"),
                now: { [time = fixture.time] in time.now }
            )
            let hasFailed = (try? await originals.delete(id)) == nil
            if hasFailed {
                let left = try? await fixture.neighbour().open(id)
                if let left { #expect(try await left.object.body.collect(upTo: 100).readableBytes == 19) }
                try await originals.delete(id)
            }
            #expect(try fixture.files() == [])
            if failing.count < number { break }
        }
    }

    @Test("bytes that somebody removed by hand are reported, and stored again by the next upload")
    func repaired() async throws {
        let fixture = try await OriginalStoreFixture()
        let id = try await fixture.ingest(Self.picture).original.id
        try await fixture.objects.delete(id.objectKey(.jpeg))
        for attempt in 0..<2 {
            let error = try await originalsError { _ = try await fixture.originals.open(id) }
            guard case .damaged(id, _) = error else { throw error }
            let local = try await originalsError { _ = try await fixture.originals.localFile(id) }
            guard case .damaged(id, _) = local else { throw local }
            #expect(attempt < 2)
        }
        #expect(try await fixture.ingest(Self.picture).existed)
        #expect(try await fixture.originals.open(id).object.metadata.size == Self.picture.count)
        // Bytes of another length are not those of the hash either.
        try await fixture.objects.put(.bytes(ByteBuffer(bytes: [1])), at: id.objectKey(.jpeg))
        #expect(try await fixture.ingest(Self.picture).existed)
        #expect(try await fixture.originals.open(id).object.metadata.size == Self.picture.count)
    }

    @Test("a crash before any step of the file store leaves the whole original or nothing")
    func crashes() async throws {
        var kinds: Set<Bool> = []
        for step in 1... {
            try #require(step < 120, "the child never came to its end")
            let folder = try TemporaryFolder()
            let child = try ChildProcess("StorageCrasher", [folder.path(of: "data"), "ingest-step", String(step)])
            child.process.waitUntilExit()
            let originals = try await OriginalStore.open(
                store: FileObjectStore.open(path: folder.path(of: "data/store")),
                stagingPath: folder.path(of: "data/staging"),
                now: { Date(timeIntervalSince1970: 0) }
            )
            var random = SeededGenerator(seed: 9)
            let bytes = random.bytes(300_000)
            let id = OriginalStoreFixture.id(of: bytes)
            let there = try await originals.list(after: nil, limit: 10)
            #expect(there.damaged.isEmpty)
            #expect(there.originals.count <= 1)
            kinds.insert(there.originals.isEmpty)
            if !there.originals.isEmpty {
                #expect(
                    try await Array(originals.open(id).object.body.collect(upTo: 1 << 20).readableBytesView) == bytes
                )
            }
            let again = try await originals.ingest(pieces(of: bytes)) { _ in OriginalStoreFixture.facts }
            #expect(again.existed == !there.originals.isEmpty)
            #expect(try await Array(originals.open(id).object.body.collect(upTo: 1 << 20).readableBytesView) == bytes)
            if child.process.terminationReason == .exit {
                #expect(child.process.terminationStatus == 0)
                break
            }
        }
        #expect(kinds == [true, false], "some crashes came before and some after")
    }

    @Test("300 MB are taken in with a bounded memory")
    func boundedMemory() async throws {
        let folder = try TemporaryFolder()
        let child = try ChildProcess("StorageCrasher", [folder.path(of: "data"), "ingest", "300"])
        let lines = child.lines(.max)
        child.process.waitUntilExit()
        #expect(child.process.terminationStatus == 0)
        let peakKilobytes = try #require(lines.first.flatMap { Int($0) })
        #expect(peakKilobytes < 64 << 10, "peak of resident memory, of which the program itself is some 25 MB")
        let size = try FileManager.default.attributesOfItem(atPath: #require(lines.last))[.size] as? Int
        #expect(size == 300 << 20)
    }
}
