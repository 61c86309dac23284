package import ObjectStorage

/// Another store with a test's own code around every verb: to fail, to wait, or to let somebody else in between.
package struct HookedObjectStore: ObjectStore {
    package enum Verb: Hashable, Sendable {
        case head
        case get
        case put
        case putIfAbsent
        case list
        case delete
    }

    /// What is called, with the key or the text of the prefix.
    package struct Call: Sendable {
        package var verb: Verb
        package var key: String
    }

    package typealias Hook = @Sendable (Call) async throws(ObjectStoreError) -> Void

    private let inner: any ObjectStore
    /// If it throws, nothing is done.
    private let before: Hook
    /// If it throws, the answer is lost; not called if the verb itself has failed.
    private let after: Hook

    package init(_ inner: any ObjectStore, before: @escaping Hook = { _ in }, after: @escaping Hook = { _ in }) {
        self.inner = inner
        self.before = before
        self.after = after
    }

    private func hooked<Value>(
        _ verb: Verb,
        _ key: String,
        _ body: () async throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        let call = Call(verb: verb, key: key)
        try await before(call)
        let value = try await body()
        try await after(call)
        return value
    }

    package func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata {
        try await hooked(.head, key.text) { () throws(ObjectStoreError) in try await inner.head(key) }
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        try await hooked(.get, key.text) { () throws(ObjectStoreError) in try await inner.get(key, range: range) }
    }

    package func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await hooked(.put, key.text) { () throws(ObjectStoreError) in
            try await inner.put(body, at: key, mediaType: mediaType)
        }
    }

    package func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await hooked(.putIfAbsent, key.text) { () throws(ObjectStoreError) in
            try await inner.putIfAbsent(body, at: key, mediaType: mediaType)
        }
    }

    package func list(
        prefix: ObjectPrefix,
        after: ObjectKey?,
        limit: Int
    ) async throws(ObjectStoreError) -> ObjectPage {
        try await hooked(.list, prefix.text) { () throws(ObjectStoreError) in
            try await inner.list(prefix: prefix, after: after, limit: limit)
        }
    }

    package func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        try await hooked(.delete, key.text) { () throws(ObjectStoreError) in try await inner.delete(key) }
    }
}
