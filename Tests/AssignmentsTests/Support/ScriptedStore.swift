import NIOCore
import ObjectStorage
import Synchronization

/// Objects in memory behind a door, with failures on demand.
final class ScriptedStore: ObjectStore {
    private struct State {
        var isShut = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var failure: ObjectStoreError?
        var gets = 0
        var puts = 0
        var deletes = 0
    }

    let memory = MemoryObjectStore()
    private let state = Mutex(State())

    var gets: Int { state.withLock { $0.gets } }
    var puts: Int { state.withLock { $0.puts } }
    /// Calls that stand before the shut door.
    var waiting: Int { state.withLock { $0.waiting.count } }

    func fail(with failure: ObjectStoreError?) { state.withLock { $0.failure = failure } }

    func shut() { state.withLock { $0.isShut = true } }

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isShut = false
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    /// The texts of all objects by key.
    func texts() async throws -> [String: String] {
        var texts: [String: String] = [:]
        for object in try await memory.list(prefix: .all, after: nil, limit: 1000).objects {
            texts[object.key.text] = String(buffer: try await memory.get(object.key).body.collect(upTo: 1 << 24))
        }
        return texts
    }

    private func enter(_ count: (inout State) -> Void) async throws(ObjectStoreError) {
        state.withLock { count(&$0) }
        await withCheckedContinuation { continuation in
            let isShut = state.withLock { state in
                if state.isShut { state.waiting.append(continuation) }
                return state.isShut
            }
            if !isShut { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata { try await memory.head(key) }

    func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        try await enter { $0.gets += 1 }
        return try await memory.get(key, range: range)
    }

    func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await enter { $0.puts += 1 }
        try await memory.put(body, at: key, mediaType: mediaType)
    }

    func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await enter { $0.puts += 1 }
        return try await memory.putIfAbsent(body, at: key, mediaType: mediaType)
    }

    func list(
        prefix: ObjectPrefix,
        after: ObjectKey?,
        limit: Int
    ) async throws(ObjectStoreError) -> ObjectPage {
        try await memory.list(prefix: prefix, after: after, limit: limit)
    }

    func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        try await enter { $0.deletes += 1 }
        try await memory.delete(key)
    }
}
