import DeliveryTypes
import FoundationEssentials
import NIOCore
import ObjectStorage

extension SettingsPublisher {
    /// Records are stored so many at a time.
    private static let concurrencyMax = 4

    /// Stores the records that are not there, and those again that have been there for long.
    ///
    /// A sweep leaves young ones alone. With `onlyMissing` only the former are stored.
    func keep(_ records: [CompiledRelease.Record], onlyMissing: Bool = false) async throws(PublicationError) {
        try await each(records) { (record: CompiledRelease.Record) async throws(ObjectStoreError) in
            let key = SettingsKeys.record(record.digest)
            if try await self.isKept(key, onlyMissing: onlyMissing) { return }
            try await self.store.put(.bytes(ByteBuffer(bytes: record.bytes)), at: key)
        }
    }

    /// Whether a record of `digests` is not there.
    func isMissing(anyOf digests: [ContentDigest]) async throws(PublicationError) -> Bool {
        do throws(PublicationError) {
            try await each(digests) { (digest: ContentDigest) async throws(ObjectStoreError) in
                _ = try await self.store.head(SettingsKeys.record(digest))
            }
            return false
        } catch .storage(.notFound) {
            return true
        } catch {
            throw error
        }
    }

    /// What the manifest names; `nil` if the manifest is not there.
    ///
    /// - Throws: `damaged` if it is not what was stored.
    func references(of manifest: ContentDigest) async throws(PublicationError) -> ReleaseFormat.References? {
        guard let bytes = try await archive.record(manifest) else { return nil }
        guard ContentDigest(of: bytes) == manifest else {
            throw .damaged(SettingsKeys.record(manifest).text, reason: "its hash is another")
        }
        return try format.references(bytes)
    }

    private func isKept(_ key: ObjectKey, onlyMissing: Bool) async throws(ObjectStoreError) -> Bool {
        do throws(ObjectStoreError) {
            let modified = try await store.head(key).modified.timeIntervalSince1970 * 1000
            return onlyMissing || Double(now()) - modified < Double(limits.refreshAfterMilliseconds)
        } catch {
            if case .notFound = error { return false }
            throw error
        }
    }

    /// Runs `body` for every element, several at a time; the first error ends it.
    private func each<Element: Sendable>(
        _ elements: [Element],
        _ body: @escaping @Sendable (Element) async throws(ObjectStoreError) -> Void
    ) async throws(PublicationError) {
        var failure: ObjectStoreError?
        await withTaskGroup(of: Result<Void, ObjectStoreError>.self) { group in
            for (index, element) in elements.enumerated() {
                if index >= Self.concurrencyMax, case .failure(let error) = await group.next() { failure = error }
                if failure != nil { break }
                group.addTask {
                    do throws(ObjectStoreError) {
                        return .success(try await body(element))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for await result in group {
                if case .failure(let error) = result { failure = failure ?? error }
            }
        }
        if let failure { throw PublicationError(failure) }
    }
}
