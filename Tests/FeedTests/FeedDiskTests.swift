import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Settings
import Synchronization
import Testing
import VitrineTesting

@Suite("A feed and its disk", .timeLimit(.minutes(2)))
struct FeedDiskTests {
    /// Serves two apps and waits until they are on disk.
    private func fill(_ disk: any ObjectStore) async throws {
        let source = ScriptedSource()
        let keys = [SourcedKey(kind: .client, sha256: ContentDigest(of: Array("vc_1".utf8)), expires: nil)]
        let records = ToyRelease.compile([Array("one".utf8), Array("two".utf8)], attachable: [[9]])
        try source.tell("shop", 3, source.store(records), keys: keys, keysNumber: 1)
        try source.publish("game", 1, "game")
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.until { await names(disk).filter { $0.hasPrefix("apps/") }.count == 2 }
        }
    }

    private func names(_ disk: any ObjectStore) async -> [String] {
        do {
            return try await disk.list(prefix: .all, after: nil, limit: 1000).objects.map(\.key.text)
        } catch {
            return []
        }
    }

    private func spoil(_ name: String, _ disk: any ObjectStore) async throws {
        let key = try ObjectKey(name)
        var bytes = try await disk.get(key).body.collect(upTo: 1 << 20)
        bytes.setInteger((bytes.getInteger(at: 0, as: UInt8.self) ?? 0) ^ 0x40, at: 0)
        try await disk.put(.bytes(bytes), at: key)
    }

    private func recordName(_ digest: ContentDigest) -> String { "records/\(digest.hex.prefix(2))/\(digest.hex)" }

    @Test("after a restart without its source a node serves what it served, keys too, and says where it is from")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let disk = try await FileObjectStore.open(path: folder.path)
        try await fill(disk)
        let dead = ScriptedSource()
        dead.goDown()
        for source in [nil, dead] {
            try await FeedRig.run(source, disk: try await FileObjectStore.open(path: folder.path)) { rig in
                await rig.serves("shop", 3)
                await rig.serves("game", 1)
                #expect(rig.text("shop") == "onetwo")
                #expect(rig.feed.app(named: "shop")?.isFromDisk == true)
                #expect(rig.feed.app(key: "vc_1")?.app.number == 3)
                let release = rig.feed.app(named: "shop")?.release
                await rig.until { release?.attached.withLock { $0.count } == 1 }
                if source != nil { await rig.until { rig.feed.figures.disconnects > 0 } }
                #expect(rig.feed.freshness == .lastGood(sinceMilliseconds: nil))
            }
        }
    }

    @Test("a source that is there fetches nothing that is on disk, and is current with it")
    func restartWithSource() async throws {
        let disk = MemoryObjectStore()
        try await fill(disk)
        let source = ScriptedSource()
        try source.publish("game", 1, "game")
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.until { rig.feed.freshness == .current }
            #expect(rig.text("game") == "game" && rig.text("shop") == "onetwo")
            #expect(source.asked.isEmpty)
        }
    }

    @Test("a damaged record on disk is not served: it is removed, and fetched when the source is there")
    func damagedRecord() async throws {
        let disk = MemoryObjectStore()
        try await fill(disk)
        let name = recordName(ContentDigest(of: Array("two".utf8)))
        try await spoil(name, disk)
        try await FeedRig.run(nil, disk: disk) { rig in
            await rig.serves("game", 1)
            await rig.until { rig.feed.figures.restores + rig.feed.figures.failedLoads == 2 }
            #expect(rig.feed.app(named: "shop") == nil)
            #expect(rig.feed.figures.damagedOnDisk == 1)
        }
        #expect(await !names(disk).contains(name))
        let source = ScriptedSource()
        try source.tell(
            "shop",
            3,
            source.store(ToyRelease.compile([Array("one".utf8), Array("two".utf8)], attachable: [[9]]))
        )
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.serves("shop", 3)
            #expect(rig.text("shop") == "onetwo")
            #expect(source.asked == [ContentDigest(of: Array("two".utf8))])
            await rig.until { await names(disk).contains(name) }
        }
    }

    @Test("a damaged note of an app is removed and the others are served")
    func damagedApp() async throws {
        let disk = MemoryObjectStore()
        try await fill(disk)
        try await spoil("apps/shop.json", disk)
        try await FeedRig.run(nil, disk: disk) { rig in
            await rig.serves("game", 1)
            #expect(rig.feed.app(named: "shop") == nil)
        }
        #expect(await !names(disk).contains("apps/shop.json"))
    }

    @Test("the records of two releases are kept, so that going back fetches nothing; older ones are removed")
    func pruning() async throws {
        let disk = MemoryObjectStore()
        let source = ScriptedSource()
        let first = try source.publish("shop", 1, "one")
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.until { await names(disk).count == 3 }
            try source.publish("shop", 2, "two")
            await rig.until { await names(disk).count == 5 }
            let asked = source.asked.count
            try source.tell("shop", 3, first.manifest)
            await rig.serves("shop", 3)
            #expect(source.asked.count == asked)
            try source.publish("shop", 4, "four")
            await rig.serves("shop", 4)
            let gone = recordName(ContentDigest(of: Array("two".utf8)))
            await rig.until { await !names(disk).contains(gone) }
            await rig.until { await names(disk).count == 5 }
        }
    }

    @Test("a full disk holds nothing up")
    func fullDisk() async throws {
        let disk = MemoryObjectStore(bytesMax: 1)
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.until { rig.feed.figures.failedKeeps > 0 }
            try source.publish("shop", 2, "two")
            await rig.serves("shop", 2)
            #expect(rig.feed.freshness == .current)
        }
    }

    @Test("a restart after a change of keys knows the new keys, although no record has changed")
    func keysAreKept() async throws {
        let disk = MemoryObjectStore()
        let source = ScriptedSource()
        let app = try source.publish("shop", 1, "one")
        try await FeedRig.run(source, disk: disk) { rig in
            await rig.until { await names(disk).count == 3 }
            let keys = [SourcedKey(kind: .server, sha256: ContentDigest(of: Array("vs_2".utf8)), expires: nil)]
            try source.tell("shop", 1, app.manifest, keys: keys, keysNumber: 1)
            try await rig.until {
                let bytes = try await disk.get(try ObjectKey("apps/shop.json")).body.collect(upTo: 1 << 20)
                return try KeptApp(decoding: Array(bytes.readableBytesView), from: "test").app.keysNumber == 1
            }
        }
        try await FeedRig.run(nil, disk: disk) { rig in
            await rig.serves("shop", 1)
            #expect(rig.feed.app(key: "vs_2")?.kind == .server)
        }
    }
}
