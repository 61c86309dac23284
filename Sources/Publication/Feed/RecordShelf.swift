import DeliveryTypes
import NIOCore
package import ObjectStorage
package import Settings
import Synchronization

/// The last good records on this node's own disk: what it serves when it starts without its source.
///
/// **Promises.** An app is written down after all of its records, so that what is found is whole. What is read is
/// checked against its hash; what is damaged is removed and counts as not there. Of every app the records of the last
/// two releases are kept, others are removed.
///
/// **Costs** the disk's writes for what has changed. One task at a time may call `keep`.
///
/// **May fail** only in keeping; then the next start has to ask the source.
package final class RecordShelf: Sendable {
    private struct State {
        /// The records that are there.
        var present: Set<ContentDigest> = []
        /// Of each app the records of the releases that are kept, the last first.
        var wanted: [AppName: [Set<ContentDigest>]] = [:]
        /// What has been written of each app.
        var written: [AppName: KeptApp] = [:]
        var damaged = 0
    }

    private static let releasesKept = 2
    private static let appFileBytesMax = 4 << 20

    private let store: any ObjectStore
    private let state = Mutex(State())

    /// - Parameter store: a folder of this node's own, such as DATA/settings.
    package init(store: any ObjectStore) { self.store = store }

    /// How much was found damaged.
    package var damagedCount: Int { state.withLock { $0.damaged } }

    /// Looks at what is there; the apps that were written down whole, in the order of their names.
    func open() async throws(PublicationError) -> [KeptApp] {
        let records = try await list("records/").compactMap { ContentDigest(hex: $0.name) }
        state.withLock { $0.present = Set(records) }
        var apps: [KeptApp] = []
        for key in try await list("apps/") {
            do throws(PublicationError) {
                let bytes = try await read(key, upTo: Self.appFileBytesMax)
                let kept = try KeptApp(decoding: bytes, from: key.text)
                guard key == Self.key(kept.app.name) else { throw .damaged(key.text, reason: "it is another app's") }
                state.withLock { state in
                    state.wanted[kept.app.name] = [Set(kept.records)]
                    state.written[kept.app.name] = kept
                }
                apps.append(kept)
            } catch {
                if case .cancelled = error { throw error }
                await discard(key)
            }
        }
        return apps
    }

    func holds(_ digest: ContentDigest) -> Bool { state.withLock { $0.present.contains(digest) } }

    /// A record whose bytes are what its name says; `nil` if it is not there.
    ///
    /// A damaged one is removed.
    package func record(_ reference: RecordReference) async -> SettingsRecord? {
        guard let bytes = await bytes(reference.digest, bytesMax: reference.byteCount) else { return nil }
        if let record = SettingsRecord(reference, bytes: bytes) { return record }
        await discard(reference.digest)
        return nil
    }

    /// Keeps a record that one of the apps here names and that was found damaged or missing.
    package func restore(_ record: SettingsRecord) async {
        let isWanted = state.withLock { state in
            state.wanted.values.contains { $0.contains { $0.contains(record.digest) } }
                && !state.present.contains(record.digest)
        }
        guard isWanted else { return }
        // What cannot be kept now is fetched again at the next start.
        do throws(PublicationError) {
            try await put(record.bytes, at: Self.key(record.digest))
            state.withLock { _ = $0.present.insert(record.digest) }
        } catch {}
    }

    /// The bytes of a record, unchecked; `nil` if it is not there or can't be read.
    func bytes(_ digest: ContentDigest, bytesMax: Int) async -> [UInt8]? {
        guard holds(digest) else { return nil }
        do throws(PublicationError) {
            return try await read(Self.key(digest), upTo: bytesMax)
        } catch {
            if case .cancelled = error { return nil }
            await discard(digest)
            return nil
        }
    }

    /// Removes a record whose bytes are not what its name says.
    func discard(_ digest: ContentDigest) async {
        state.withLock { _ = $0.present.remove(digest) }
        await discard(Self.key(digest))
    }

    /// Writes an app down: first those of `records` that are not there yet, then what it is.
    func keep(_ app: KeptApp, records: [SettingsRecord]) async throws(PublicationError) {
        state.withLock { state in
            var releases = state.wanted[app.app.name] ?? []
            let wanted = Set(app.records)
            releases.removeAll { $0 == wanted }
            releases.insert(wanted, at: 0)
            state.wanted[app.app.name] = Array(releases.prefix(Self.releasesKept))
        }
        for record in records where !holds(record.digest) {
            try await put(record.bytes, at: Self.key(record.digest))
            state.withLock { _ = $0.present.insert(record.digest) }
        }
        guard state.withLock({ $0.written[app.app.name] != app }) else { return }
        try await put(try app.encoded(), at: Self.key(app.app.name))
        state.withLock { $0.written[app.app.name] = app }
        await prune()
    }

    private func prune() async {
        let unwanted = state.withLock { state in
            let wanted = state.wanted.values.joined().reduce(into: Set()) { $0.formUnion($1) }
            let unwanted = state.present.subtracting(wanted)
            state.present.subtract(unwanted)
            return unwanted
        }
        for digest in unwanted {
            // What stays costs room only, and is found at the next start.
            try? await store.delete(Self.key(digest))
        }
    }

    private func discard(_ key: ObjectKey) async {
        state.withLock { $0.damaged += 1 }
        // What cannot be removed is found damaged again at the next start.
        try? await store.delete(key)
    }

    private func list(_ folder: String) async throws(PublicationError) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        do throws(ObjectStoreError) {
            let prefix = try ObjectPrefix(folder)
            var after: ObjectKey?
            repeat {
                let page = try await store.list(prefix: prefix, after: after, limit: 1000)
                keys += page.objects.map(\.key)
                after = page.next
            } while after != nil
        } catch {
            throw PublicationError(error)
        }
        return keys
    }

    private func read(_ key: ObjectKey, upTo limit: Int) async throws(PublicationError) -> [UInt8] {
        do throws(ObjectStoreError) {
            return Array(try await store.get(key).body.collect(upTo: limit).readableBytesView)
        } catch {
            throw PublicationError(error)
        }
    }

    private func put(_ bytes: [UInt8], at key: ObjectKey) async throws(PublicationError) {
        do throws(ObjectStoreError) {
            try await store.put(.bytes(ByteBuffer(bytes: bytes)), at: key)
        } catch {
            throw PublicationError(error)
        }
    }

    private static func key(_ digest: ContentDigest) -> ObjectKey {
        let hex = digest.hex
        return key("records/\(hex.prefix(2))/\(hex)")
    }

    private static func key(_ app: AppName) -> ObjectKey { key("apps/\(app).json") }

    private static func key(_ text: String) -> ObjectKey {
        do {
            return try ObjectKey(text)
        } catch {
            // Names of apps and hexadecimal digits break no rule of keys.
            preconditionFailure("\(error)")
        }
    }
}
