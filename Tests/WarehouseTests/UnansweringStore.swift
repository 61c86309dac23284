import ObjectStorage

/// A store whose objects cannot be read.
struct UnansweringStore: ObjectStore {
    struct Away: Error {}

    let store: MemoryObjectStore

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata { try await store.head(key) }

    func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        throw .unavailable(retryable: true, cause: Away())
    }

    func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await store.put(body, at: key, mediaType: mediaType)
    }

    func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await store.putIfAbsent(body, at: key, mediaType: mediaType)
    }

    func list(prefix: ObjectPrefix, after: ObjectKey?, limit: Int) async throws(ObjectStoreError) -> ObjectPage {
        try await store.list(prefix: prefix, after: after, limit: limit)
    }

    func delete(_ key: ObjectKey) async throws(ObjectStoreError) { try await store.delete(key) }
}
