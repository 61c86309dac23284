package import DeliveryTypes
import NIOCore
package import ObjectStorage

/// What is published, as the object store has it: the reading side of publication.
///
/// **Promises** nothing beyond the store's own promises; keeps nothing in memory. Records (the manifest is one of
/// them) are not checked against their hashes here: whoever loads them does that, off the event loop.
///
/// **Costs** one or two round trips per verb; `apps` one per app.
///
/// **May fail** with `PublicationError`.
package struct SettingsArchive: Sendable {
    package let store: any ObjectStore

    /// No record is longer, in bytes.
    package static let recordBytesMax = 128 << 20
    /// The most apps that are looked at.
    package static let appsMax = 10_000

    package init(store: any ObjectStore) { self.store = store }

    /// The apps that have an object, in the order of their names' bytes as keys have it.
    ///
    /// - Throws: `storage` or `cancelled`.
    package func apps() async throws(PublicationError) -> [AppName] {
        var apps: [AppName] = []
        var after: ObjectKey?
        while apps.count < Self.appsMax {
            let from = after
            let page = try await stored { () throws(ObjectStoreError) in
                try await store.list(prefix: SettingsKeys.apps, after: from, limit: 1)
            }
            guard let object = page.objects.first else { break }
            if let app = SettingsKeys.app(of: object.key) {
                apps.append(app)
                after = SettingsKeys.end(of: app)
            } else {
                // Something that publication did not put there.
                after = object.key
            }
        }
        return apps
    }

    /// The highest number of the app's pointer log; 0 if nothing was published.
    ///
    /// `known` is one seen before: it makes the search short.
    package func latestNumber(of app: AppName, after known: Int = 0) async throws(PublicationError) -> Int {
        try await stored { () throws(ObjectStoreError) in
            try await SettingsKeys.log(of: app, in: store).latest(after: known)
        }
    }

    /// The entry in force; `nil` if nothing was published.
    package func latest(of app: AppName, after known: Int = 0) async throws(PublicationError) -> PublishedEntry? {
        let number = try await latestNumber(of: app, after: known)
        return number == 0 ? nil : try await entry(number, of: app)
    }

    /// - Throws: `unknownNumber` if there is no such entry; `damaged`, `storage` or `cancelled`.
    package func entry(_ number: Int, of app: AppName) async throws(PublicationError) -> PublishedEntry {
        guard number > 0, number < NumberedLog.numberMax else { throw .unknownNumber(app, number) }
        let log = SettingsKeys.log(of: app, in: store)
        guard let bytes = try await found({ () throws(ObjectStoreError) in try await log.entry(number) }) else {
            throw .unknownNumber(app, number)
        }
        return try PublishedEntry(decoding: bytes, number: number, from: log.key(number).text)
    }

    /// The keys in force, those that have expired since among them; `nil` if there are none yet.
    package func keys(of app: AppName, after known: Int = 0) async throws(PublicationError) -> KeysEntry? {
        let log = SettingsKeys.keys(of: app, in: store)
        let number = try await stored { () throws(ObjectStoreError) in try await log.latest(after: known) }
        guard number > 0 else { return nil }
        guard let bytes = try await found({ () throws(ObjectStoreError) in try await log.entry(number) }) else {
            throw .damaged(log.key(number).text, reason: "it was listed and is not there")
        }
        return try KeysEntry(decoding: bytes, number: number, from: log.key(number).text)
    }

    /// The bytes of the record with the digest, unchecked; `nil` if it is not there (any more).
    package func record(
        _ digest: ContentDigest,
        upTo limit: Int = recordBytesMax
    ) async throws(PublicationError) -> [UInt8]? {
        try await found { () throws(ObjectStoreError) in
            try await store.get(SettingsKeys.record(digest)).body.collect(upTo: limit)
        }
    }

    /// What `read` gives; `nil` for what is not there.
    private func found(
        _ read: () async throws(ObjectStoreError) -> ByteBuffer
    ) async throws(PublicationError) -> [UInt8]? {
        do throws(ObjectStoreError) {
            return Array(try await read().readableBytesView)
        } catch {
            if case .notFound = error { return nil }
            throw PublicationError(error)
        }
    }

    private func stored<Value>(
        _ verb: () async throws(ObjectStoreError) -> Value
    ) async throws(PublicationError) -> Value {
        do throws(ObjectStoreError) {
            return try await verb()
        } catch {
            throw PublicationError(error)
        }
    }
}
