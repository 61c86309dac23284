import FoundationEssentials
import ObjectStorage
import Origin
import Originals

/// Opens the store of originals that the settings name.
struct OriginalsAssembly {
    let configuration: ServeConfiguration

    func open() async throws -> OriginalStore {
        var limits = OriginalStoreLimits()
        limits.bytesMax = configuration.origin.uploadBytesMax
        return try await OriginalStore.open(
            store: objectStore(),
            stagingPath: configuration.dataFolder + "/incoming",
            limits: limits,
            now: { Date() }
        )
    }

    private func objectStore() async throws -> any ObjectStore {
        switch configuration.store {
        case .folder(let path): return try await FileObjectStore.open(path: path)
        case .bucket(let location): return try S3Assembly.store(location)
        }
    }
}
