import FoundationEssentials
import ObjectStorage
import Origin
import Originals
import ServiceLifecycle

/// The stores that the settings name: one of originals, and the buckets that source URLs may name.
///
/// `shutdown` has to be called in the end; as a service it does so after everything that started later.
struct StoreAssembly: Service {
    let originals: OriginalStore
    /// What the originals are kept in, and published settings beside them.
    let store: any ObjectStore
    /// By bucket.
    let sources: [String: any ObjectStore]
    private let connected: [S3ObjectStore]

    init(_ configuration: ServeConfiguration) async throws {
        var connected: [S3ObjectStore] = []
        let store: any ObjectStore
        switch configuration.store {
        case .folder(let path): store = try await FileObjectStore.open(path: path)
        case .bucket(let location):
            let bucket = try location.service.store(bucket: location.bucket, prefix: location.prefix)
            connected.append(bucket)
            store = bucket
        }
        var sources: [String: any ObjectStore] = [:]
        if let service = configuration.sourceService {
            for name in configuration.sourceBuckets {
                let bucket = try service.store(bucket: name)
                connected.append(bucket)
                sources[name] = bucket
            }
        }
        self.connected = connected
        self.store = store
        self.sources = sources
        var limits = OriginalStoreLimits()
        limits.bytesMax = configuration.origin.uploadBytesMax
        originals = try await OriginalStore.open(
            store: store,
            stagingPath: configuration.dataFolder + "/incoming",
            limits: limits,
            now: { Date() }
        )
    }

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close the connections.
        try? await gracefulShutdown()
        await shutdown()
    }

    func shutdown() async {
        for store in connected { await store.shutdown() }
    }
}
