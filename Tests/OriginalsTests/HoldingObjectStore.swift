import ObjectStorage
import Synchronization

/// A memory store, one call of which is held until the test lets it go on: the first of a verb for a kind of key.
final class HoldingObjectStore: ObjectStore {
    enum Held: Sendable {
        /// Held when the object has been read.
        case getRecord
        /// Held before anything is stored.
        case putRecord
    }

    private let inner = MemoryObjectStore()
    private let held: Mutex<Held?>
    private let reached = AsyncStream<Void>.makeStream()
    private let released = AsyncStream<Void>.makeStream()

    init(_ held: Held) { self.held = Mutex(held) }

    /// Waits until the call is held.
    func waitUntilHeld() async { for await _ in reached.stream { return } }

    func release() { released.continuation.yield() }

    private func hold(_ point: Held, _ key: ObjectKey) async {
        let isHeld = held.withLock { held in
            guard held == point, key.name.hasSuffix(".json") else { return false }
            held = nil
            return true
        }
        guard isHeld else { return }
        reached.continuation.yield()
        for await _ in released.stream { return }
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata { try await inner.head(key) }

    func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        let stored = try await inner.get(key, range: range)
        await hold(.getRecord, key)
        return stored
    }

    func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await inner.put(body, at: key, mediaType: mediaType)
    }

    func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        await hold(.putRecord, key)
        return try await inner.putIfAbsent(body, at: key, mediaType: mediaType)
    }

    func list(prefix: ObjectPrefix, after: ObjectKey?, limit: Int) async throws(ObjectStoreError) -> ObjectPage {
        try await inner.list(prefix: prefix, after: after, limit: limit)
    }

    func delete(_ key: ObjectKey) async throws(ObjectStoreError) { try await inner.delete(key) }
}
