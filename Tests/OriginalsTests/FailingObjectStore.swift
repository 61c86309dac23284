import ObjectStorage
import Synchronization

/// Another store, whose verb of a given number fails: either before it has done anything, or after it has done all.
final class FailingObjectStore: ObjectStore {
    private let inner: any ObjectStore
    private let failing: Int
    private let failsAfterwards: Bool
    private let calls = Mutex(0)

    init(_ inner: any ObjectStore, failing: Int, afterwards: Bool) {
        self.inner = inner
        self.failing = failing
        failsAfterwards = afterwards
    }

    /// How many verbs have been called.
    var count: Int { calls.withLock { $0 } }

    private func pass<Value>(
        _ verb: () async throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        if call == failing, !failsAfterwards { throw .unavailable(retryable: true, cause: TestFailure()) }
        let value = try await verb()
        if call == failing { throw .unavailable(retryable: true, cause: TestFailure()) }
        return value
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata {
        try await pass { () throws(ObjectStoreError) in try await inner.head(key) }
    }

    func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        try await pass { () throws(ObjectStoreError) in try await inner.get(key, range: range) }
    }

    func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await pass { () throws(ObjectStoreError) in try await inner.put(body, at: key, mediaType: mediaType) }
    }

    func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await pass { () throws(ObjectStoreError) in
            try await inner.putIfAbsent(body, at: key, mediaType: mediaType)
        }
    }

    func list(prefix: ObjectPrefix, after: ObjectKey?, limit: Int) async throws(ObjectStoreError) -> ObjectPage {
        try await pass { () throws(ObjectStoreError) in
            try await inner.list(prefix: prefix, after: after, limit: limit)
        }
    }

    func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        try await pass { () throws(ObjectStoreError) in try await inner.delete(key) }
    }
}
