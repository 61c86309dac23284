import Caching

/// The files by which other processes ask a running collector to ship everything.
struct SealRequests: Sendable {
    private let folder: any SegmentFiles
    /// Files that are no requests.
    private static let reserved = ["lock", ".", ".."]

    init(in folder: String, files: @Sendable (String) -> any SegmentFiles) {
        self.folder = files("\(folder)/requests")
    }

    /// Makes the folder; blocks.
    func make() throws(DiskFailure) {
        guard try folder.claim() else { throw DiskFailure.taken }
    }

    /// Blocks.
    func names() throws(DiskFailure) -> [String] {
        try folder.names().filter { !Self.reserved.contains($0) }
    }

    /// Blocks.
    func answer(_ name: String) throws(DiskFailure) { try folder.remove(name) }

    func release() { folder.release() }
}
