import ObjectStorage

/// The object store that collectors ship to and runs fetch from: the one of `--store`.
struct UsageStore: Sendable {
    let store: any ObjectStore
    /// For messages.
    let name: String
    private let connected: S3ObjectStore?

    static func open(_ location: StoreLocation) async throws -> UsageStore {
        switch location {
        case .folder(let path):
            do throws(ObjectStoreError) {
                return UsageStore(
                    store: try await FileObjectStore.open(path: path),
                    name: "file:" + path,
                    connected: nil
                )
            } catch {
                throw CommandFailure(message: "the store file:\(path) cannot be opened: \(error)\n→ look at --store")
            }
        case .bucket(let location):
            let bucket = try location.service.store(bucket: location.bucket, prefix: location.prefix)
            let name = "s3://" + location.bucket + (location.prefix.isEmpty ? "" : "/" + location.prefix)
            return UsageStore(store: bucket, name: name, connected: bucket)
        }
    }

    /// Opens the store for the length of `body`.
    static func with<Value: Sendable>(
        _ location: StoreLocation,
        _ body: (UsageStore) async throws -> Value
    ) async throws -> Value {
        let store = try await open(location)
        do {
            let value = try await body(store)
            await store.connected?.shutdown()
            return value
        } catch {
            await store.connected?.shutdown()
            throw error
        }
    }
}
