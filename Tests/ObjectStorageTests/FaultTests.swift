import Foundation
import NIOCore
import ObjectStorage
import Synchronization
import Testing
import VitrineTesting

/// Fails the steps of one kind, once armed, and writes down all of them.
private final class Saboteur: Sendable {
    private struct State {
        var failing: FileFaults.Step?
        var code: Int32 = 0
        var steps: [FileFaults.Step] = []
    }

    private let state = Mutex(State())

    var faults: FileFaults {
        FileFaults { [self] step in
            state.withLock { state in
                state.steps.append(step)
                return state.failing == step ? state.code : nil
            }
        }
    }

    func fail(_ step: FileFaults.Step, with code: Int32) {
        state.withLock {
            $0.failing = step
            $0.code = code
        }
    }

    func relent() { state.withLock { $0.failing = nil } }

    /// The steps since the last call.
    func takeSteps() -> [FileFaults.Step] {
        state.withLock { state in
            defer { state.steps = [] }
            return state.steps
        }
    }
}

struct FaultTests {
    private let folder: TemporaryFolder
    private let saboteur = Saboteur()
    private let store: FileObjectStore
    private let body = ObjectBody.bytes(ByteBuffer(bytes: [1, 2, 3]))

    init() async throws {
        folder = try TemporaryFolder()
        store = try await FileObjectStore.open(path: folder.path(of: "store"), faults: saboteur.faults)
        _ = saboteur.takeSteps()
    }

    @Test("a put is durable in the right order: bytes, name, folders from the leaf to the root")
    func order() async throws {
        try await store.put(body, at: ObjectKey("a/b/x.bin"))
        #expect(
            saboteur.takeSteps() == [
                .create, .write, .synchronizeFile, .makeFolder, .makeFolder, .rename, .synchronizeFolder,
                .synchronizeFolder, .synchronizeFolder, .remove,
            ]
        )
        _ = try await store.putIfAbsent(body, at: ObjectKey("a/y.bin"))
        #expect(
            saboteur.takeSteps() == [
                .create, .write, .synchronizeFile, .link, .synchronizeFolder, .synchronizeFolder, .remove,
            ]
        )
    }

    @Test(
        "a put that fails at any step before the name shows nothing and leaves nothing",
        arguments: [.makeFolder, .create, .write, .synchronizeFile, .rename] as [FileFaults.Step],
        [ENOSPC, EIO, EDQUOT, EACCES, EMFILE]
    )
    func failedPut(_ step: FileFaults.Step, _ code: Int32) async throws {
        let key = try ObjectKey("a/x.bin")
        saboteur.fail(step, with: code)
        let error = await #expect(throws: ObjectStoreError.self) { try await store.put(body, at: key) }
        switch (try #require(error), code) {
        case (.full, ENOSPC), (.full, EDQUOT): break
        case (.unavailable(retryable: false, _), EIO): break
        case (.accessDenied, EACCES): break
        case (.unavailable(retryable: true, _), EMFILE): break
        default: Issue.record("\(error as Any) for errno \(code)")
        }
        try await expectNothing(at: key)
        saboteur.relent()
        try await store.put(body, at: key)
        #expect(try await store.head(key).size == 3, "it works again")
    }

    @Test("a put if absent that cannot link shows nothing and leaves nothing", arguments: [ENOSPC, EIO])
    func failedLink(_ code: Int32) async throws {
        let key = try ObjectKey("a/x.bin")
        saboteur.fail(.link, with: code)
        await #expect(throws: ObjectStoreError.self) { try await store.putIfAbsent(body, at: key) }
        try await expectNothing(at: key)
    }

    @Test(
        "a failed replacement leaves the old object",
        arguments: [.write, .synchronizeFile, .rename] as [FileFaults.Step]
    )
    func failedReplacement(_ step: FileFaults.Step) async throws {
        let key = try ObjectKey("x.bin")
        try await store.put(.bytes(ByteBuffer(bytes: [9])), at: key)
        saboteur.fail(step, with: EIO)
        await #expect(throws: ObjectStoreError.self) { try await store.put(body, at: key) }
        saboteur.relent()
        let bytes = try await store.get(key).body.collect(upTo: 10)
        #expect(Array(bytes.readableBytesView) == [9])
    }

    @Test("a folder that cannot be made durable is an error, and the object is whole or not there")
    func failedFolder() async throws {
        let key = try ObjectKey("a/x.bin")
        saboteur.fail(.synchronizeFolder, with: EIO)
        await #expect(throws: ObjectStoreError.self) { try await store.put(body, at: key) }
        saboteur.relent()
        for object in try await store.list(prefix: .all, after: nil, limit: 10).objects {
            #expect(object.size == 3)
        }
        #expect(try folder.files().allSatisfy { !$0.contains(".tmp/") })
    }

    @Test("a temporary name that cannot be removed does not fail the put, and the next start removes it")
    func failedRemoval() async throws {
        saboteur.fail(.remove, with: EIO)
        #expect(try await store.putIfAbsent(body, at: ObjectKey("x.bin")) == .created)
        saboteur.relent()
        #expect(try folder.files().count == 2)
        _ = try await FileObjectStore.open(path: folder.path(of: "store"), staleAfter: .zero)
        #expect(try folder.files() == ["store/x.bin"])
    }

    @Test("a file in another file system is copied")
    func copied() async throws {
        let source = try folder.write([UInt8](repeating: 7, count: 2_500_000), to: "source")
        saboteur.fail(.link, with: EXDEV)
        try await store.put(.file(path: source, size: 2_500_000), at: ObjectKey("x.bin"))
        try folder.write([0], to: "source")
        let bytes = try await store.get(ObjectKey("x.bin")).body.collect(upTo: 3_000_000)
        #expect(Array(bytes.readableBytesView) == [UInt8](repeating: 7, count: 2_500_000))
    }

    @Test("a disk that cannot be read is an error, not a short object")
    func failedRead() async throws {
        try await store.put(body, at: ObjectKey("x.bin"))
        let stored = try await store.get(ObjectKey("x.bin"))
        saboteur.fail(.read, with: EIO)
        await #expect(throws: ObjectStoreError.self) { try await stored.body.collect(upTo: 10) }
    }

    private func expectNothing(at key: ObjectKey) async throws {
        let error = await #expect(throws: ObjectStoreError.self) { try await store.head(key) }
        guard case .notFound = error else {
            Issue.record("\(error as Any) is not notFound")
            return
        }
        #expect(try await store.list(prefix: .all, after: nil, limit: 10).objects.isEmpty)
        #expect(try folder.files() == [])
    }
}
