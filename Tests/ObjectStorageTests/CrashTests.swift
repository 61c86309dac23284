import Crypto
import Foundation
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@Suite("A crash leaves objects whole or not at all")
struct CrashTests {
    @Test("before every step of a put")
    func everyStep() async throws {
        var step = 0
        var visible: Set<Int> = []
        while true {
            step += 1
            try #require(step < 100, "the crasher never came to its end")
            let folder = try TemporaryFolder()
            let child = try ChildProcess("StorageCrasher", [folder.path(of: "store"), "step", String(step)])
            child.process.waitUntilExit()
            visible.insert(try await verifiedObjects(in: folder.path(of: "store")).count)
            if child.process.terminationReason == .exit {
                #expect(child.process.terminationStatus == 0)
                break
            }
            #expect(child.process.terminationStatus == SIGKILL)
        }
        // Making the store's folders, then two puts of at least six steps each.
        #expect(step > 15)
        #expect(visible == [0, 1, 2])
    }

    @Test("at random moments while four writers put", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func randomMoments(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        var acknowledged: Set<String> = []
        for round in 0..<3 {
            let number = String(seed * 10 + UInt64(round))
            let child = try ChildProcess("StorageCrasher", [folder.path(of: "store"), "loop", number])
            acknowledged.formUnion(child.lines(Int.random(in: 0...25, using: &random)))
            kill(child.process.processIdentifier, SIGKILL)
            acknowledged.formUnion(child.lines(.max))
            child.process.waitUntilExit()
            let found = try await verifiedObjects(in: folder.path(of: "store"))
            #expect(acknowledged.isSubset(of: found), "what was acknowledged is there; seed \(seed), round \(round)")
        }
    }

    @Test("what a crash left in .tmp is removed when it is old, and not before")
    func staleFiles() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "store/.tmp/17-1.part")
        _ = try await FileObjectStore.open(path: folder.path(of: "store"), staleAfter: .seconds(3600))
        #expect(try folder.files() == ["store/.tmp/17-1.part"])
        let store = try await FileObjectStore.open(path: folder.path(of: "store"), staleAfter: .zero)
        #expect(try folder.files() == [])
        #expect(try await store.list(prefix: .all, after: nil, limit: 10).objects.isEmpty)
    }

    /// The keys of all objects in the folder, each of which must have the bytes that its key tells.
    private func verifiedObjects(in path: String) async throws -> Set<String> {
        let store = try await FileObjectStore.open(path: path)
        var keys: Set<String> = []
        var after: ObjectKey?
        repeat {
            let page = try await store.list(prefix: .all, after: after, limit: 50)
            for object in page.objects {
                var hash = SHA256()
                for try await piece in try await store.get(object.key).body {
                    hash.update(data: Array(piece.readableBytesView))
                }
                let hex = hash.finalize().map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
                #expect(object.key.name == hex, "the object is what was put")
                keys.insert(object.key.text)
            }
            after = page.next
        } while after != nil
        return keys
    }
}
