package import DeliveryTypes
import NIOCore
import ObjectStorage

extension OriginalStore {
    /// Makes an original public or private; the record as it is now.
    ///
    /// At once in this process; other processes see it within `OriginalStoreLimits.recordLifetime`. Of two processes
    /// that change a record at the same time the later one wins.
    ///
    /// - Throws: `notFound`, `damaged`, `storage` or `cancelled`.
    @discardableResult
    package func setVisibility(
        of id: ContentDigest,
        to visibility: Visibility
    ) async throws(OriginalsError) -> Original {
        await gate.enter(id)
        defer { gate.leave(id) }
        var original = try await load(id)
        original.visibility = visibility
        let body = ObjectBody.bytes(ByteBuffer(bytes: try encoded(original)))
        // If the put fails, which state the store is in is not known; nobody shall go by the old one.
        cache.change(id, to: nil, at: now())
        try await stored { () throws(ObjectStoreError) in try await store.put(body, at: id.recordKey) }
        cache.change(id, to: original, at: now())
        return original
    }

    /// Removes an original: its record, then its bytes.
    ///
    /// Idempotent; clears up what an earlier attempt left.
    ///
    /// - Throws: `storage` or `cancelled`; it may be half done, and doing it again completes it.
    package func delete(_ id: ContentDigest) async throws(OriginalsError) {
        await gate.enter(id)
        defer { gate.leave(id) }
        cache.change(id, to: nil, at: now())
        try await stored { () throws(ObjectStoreError) in
            try await store.delete(id.recordKey)
            // One per format; more than one only if programs of different age disagreed about it.
            let rest = try await store.list(prefix: ObjectPrefix(id.keyStem), after: nil, limit: 100)
            for object in rest.objects { try await store.delete(object.key) }
        }
        cache.change(id, to: nil, at: now())
    }
}
