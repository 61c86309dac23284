/// Objects by key: the one place where Vitrine's truth is kept, whether a folder, a bucket or memory.
///
/// **Promises.** An object is visible whole or not at all: a `put` that fails, is cancelled, or is cut off by a crash
/// leaves what was there before, and a reader that began before a `put` or `delete` reads the old bytes to their end
/// or gets an error, never a mixture. When a `put` or `delete` has returned, it survives a loss of power, as far as
/// the store has a disk. All verbs may be called at the same time from any task, also for one key.
///
/// **Costs.** Each verb is one round trip to the store. Bodies stream; no verb holds a whole object in memory unless
/// it came or goes as one buffer.
///
/// **May fail** with `ObjectStoreError`, which says what the caller can do. After any error of `put`, `putIfAbsent` or
/// `delete` other than `invalidKey` the object may be in the old or in the new state; repeating the call is safe.
package protocol ObjectStore: Sendable {
    /// What is known of an object.
    ///
    /// - Throws: `notFound` if there is none.
    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata

    /// An object's bytes, or the part of them in `range`: bytes, cut off at the object's end; `nil` for all.
    ///
    /// - Throws: `notFound` if there is no such object; `invalidRange` if `range` begins at or after its end (an empty
    ///   object has no ranges).
    func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject

    /// Stores an object, in the place of any that has the key. Idempotent.
    ///
    /// `mediaType` is `nil` for what the key's extension says. Stores that keep no types ignore it, so a portable
    /// caller uses keys whose extension says the type.
    func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError)

    /// Stores an object if there is none of that key; of several callers at once exactly one is told `.created`.
    ///
    /// Repeating it after an error may answer `.existed` about the caller's own object.
    func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome

    /// The objects whose keys begin with `prefix`, in the order of the keys' bytes; empty if there are none.
    ///
    /// Objects that come or go between pages may or may not be seen; all others are seen exactly once.
    ///
    /// Only keys greater than `after` are listed: the `next` of the page before. `limit` is in 1...1000; more is taken
    /// for 1000.
    func list(prefix: ObjectPrefix, after: ObjectKey?, limit: Int) async throws(ObjectStoreError) -> ObjectPage

    /// Removes an object. Idempotent: it is no error if there is none.
    func delete(_ key: ObjectKey) async throws(ObjectStoreError)

    /// The path of a file that holds exactly the object's bytes, to be opened for reading only; `nil` if the store is
    /// not a folder. The path is good as long as nobody deletes the object.
    ///
    /// - Throws: `notFound` if there is no such object; stores that are no folders do not look.
    func localFile(for key: ObjectKey) async throws(ObjectStoreError) -> String?
}

extension ObjectStore {
    package func localFile(for key: ObjectKey) async throws(ObjectStoreError) -> String? { nil }

    /// The whole object.
    package func get(_ key: ObjectKey) async throws(ObjectStoreError) -> StoredObject {
        try await get(key, range: nil)
    }

    package func put(_ body: ObjectBody, at key: ObjectKey) async throws(ObjectStoreError) {
        try await put(body, at: key, mediaType: nil)
    }

    package func putIfAbsent(_ body: ObjectBody, at key: ObjectKey) async throws(ObjectStoreError) -> PutOutcome {
        try await putIfAbsent(body, at: key, mediaType: nil)
    }
}
