import Foundation
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

struct FileObjectStoreTests {
    private let folder: TemporaryFolder
    private let store: FileObjectStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try await FileObjectStore.open(path: folder.path(of: "new/folders/store"))
    }

    private func put(_ text: String) async throws {
        try await store.put(.bytes(ByteBuffer(string: "bytes")), at: ObjectKey(text))
    }

    private func expectInvalidKey(_ text: String) async throws {
        let error = await #expect(throws: ObjectStoreError.self) { try await put(text) }
        guard case .invalidKey = error else {
            Issue.record("\(error as Any) is not invalidKey")
            return
        }
    }

    @Test("objects are there after the store is opened again")
    func reopened() async throws {
        try await put("a/x.jpg")
        let again = try await FileObjectStore.open(path: store.path + "/")
        #expect(try await again.head(ObjectKey("a/x.jpg")) == store.head(ObjectKey("a/x.jpg")))
        #expect(try await again.localFile(for: ObjectKey("a/x.jpg")) == store.path + "/a/x.jpg")
    }

    @Test("a symbolic link that leads outside is not read, listed, written through or deleted through")
    func symbolicLinks() async throws {
        try folder.write([1], to: "outside/secret.txt")
        try await put("a/x.txt")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: store.path + "/way", withDestinationPath: folder.path(of: "outside"))
        try files.createSymbolicLink(
            atPath: store.path + "/a/link.txt",
            withDestinationPath: folder.path(of: "outside/secret.txt")
        )
        for text in ["way/secret.txt", "a/link.txt"] {
            let key = try ObjectKey(text)
            await #expect(throws: ObjectStoreError.self) { try await store.head(key) }
            await #expect(throws: ObjectStoreError.self) { try await store.get(key) }
            await #expect(throws: ObjectStoreError.self) { try await store.localFile(for: key) }
            try await store.delete(key)
        }
        try await expectInvalidKey("way/new.txt")
        let page = try await store.list(prefix: .all, after: nil, limit: 10)
        #expect(page.objects.map(\.key.text) == ["a/x.txt"])
        #expect(try await store.list(prefix: ObjectPrefix("way/"), after: nil, limit: 10).objects.isEmpty)
        try await put("a/link.txt")
        let secret = try Data(contentsOf: URL(filePath: folder.path(of: "outside/secret.txt")))
        #expect(secret == Data([1]), "putting replaced the link, not what it leads to")
    }

    @Test("what is not a file is not an object, and does not hold a thread")
    func specialFiles() async throws {
        try await put("x.txt")
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        let made = unsafe mkfifo(store.path + "/pipe.txt", 0o600)
        try #require(made == 0)
        await #expect(throws: ObjectStoreError.self) { try await store.get(ObjectKey("pipe.txt")) }
        let page = try await store.list(prefix: .all, after: nil, limit: 10)
        #expect(page.objects.map(\.key.text) == ["x.txt"])
    }

    @Test("keys that a file system cannot hold are refused as keys")
    func impossibleKeys() async throws {
        try await put("a/b.txt")
        try await expectInvalidKey("a")
        try await expectInvalidKey("a/b.txt/c.txt")
        try await expectInvalidKey(String(repeating: "n", count: 256))
        try await expectInvalidKey(".tmp/1-1.part")
        let error = await #expect(throws: ObjectStoreError.self) {
            try await store.putIfAbsent(.bytes(ByteBuffer()), at: ObjectKey("a"))
        }
        guard case .invalidKey = error else {
            Issue.record("\(error as Any) is not invalidKey")
            return
        }
    }

    @Test("a folder of very many files is listed in order and whole, in pages of any size")
    func flatFolder() async throws {
        var random = SeededGenerator(seed: 3)
        var names = (0..<700).map { "flat/" + String($0, radix: 36) + ".txt" }
        names.shuffle(using: &random)
        for name in names { try folder.write([1], to: "new/folders/store/" + name) }
        let expected = names.sorted()
        for limit in [13, 64, 699, 700, 701, 1000] {
            var keys: [String] = []
            var after: ObjectKey?
            repeat {
                let page = try await store.list(prefix: ObjectPrefix("flat/"), after: after, limit: limit)
                keys += page.objects.map(\.key.text)
                after = page.next
            } while after != nil
            #expect(keys == expected, "pages of \(limit)")
        }
    }

    @Test("very many empty folders before the objects hide none of them", .timeLimit(.minutes(1)))
    func emptyFolders() async throws {
        for number in 0..<150 {
            try FileManager.default.createDirectory(
                atPath: store.path + "/empty\(number)",
                withIntermediateDirectories: true
            )
        }
        let names = stride(from: 4, to: 150, by: 10).map { "empty\($0)/x" } + ["last/z"]
        for name in names { try await put(name) }
        var keys: [String] = []
        var after: ObjectKey?
        repeat {
            let page = try await store.list(prefix: .all, after: after, limit: 1)
            keys += page.objects.map(\.key.text)
            after = page.next
        } while after != nil
        #expect(keys == names.sorted())
    }

    @Test("stores that share a folder never touch each other's files, whatever their processes' numbers")
    func shared() async throws {
        let path = store.path
        try await withThrowingTaskGroup(of: Void.self) { writers in
            for writer in UInt8(0)..<4 {
                writers.addTask {
                    let own = try await FileObjectStore.open(path: path)
                    let bytes = ByteBuffer(repeating: writer, count: 100)
                    for number in 0..<100 {
                        let (put, made) = try (ObjectKey("\(writer)/p\(number)"), ObjectKey("\(writer)/m\(number)"))
                        try await own.put(.bytes(bytes), at: put)
                        #expect(try await own.putIfAbsent(.bytes(bytes), at: made) == .created)
                        for key in [put, made] {
                            #expect(try await own.get(key).body.collect(upTo: 200) == bytes)
                        }
                    }
                }
            }
            try await writers.waitForAll()
        }
    }

    @Test("a cancelled task gets the store's own error")
    func cancelled() async throws {
        let store = store
        let key = try ObjectKey("x")
        // This test waits for it below.
        let task = Task {
            // Waits for the cancellation, which comes from below.
            while !Task.isCancelled { await Task.yield() }
            do throws(ObjectStoreError) {
                _ = try await store.head(key)
                return false
            } catch {
                if case .cancelled = error { return true }
                return false
            }
        }
        task.cancel()
        #expect(await task.value)
    }

    @Test("a file that becomes shorter while it is read is an error, not a short object")
    func truncated() async throws {
        let key = try ObjectKey("x.bin")
        let size = 3 * FileObjectStore.pieceBytes
        try await store.put(.bytes(ByteBuffer(repeating: 1, count: size)), at: key)
        var pieces = try await store.get(key).body.makeAsyncIterator()
        #expect(try await pieces.next()?.readableBytes == FileObjectStore.pieceBytes)
        try FileHandle(forWritingTo: URL(filePath: store.path + "/x.bin")).truncate(atOffset: UInt64(size / 2))
        await #expect(throws: ObjectStoreError.self) {
            while try await pieces.next() != nil {}
        }
    }
}
