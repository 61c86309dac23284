import FoundationEssentials
package import ObjectStorage

/// Follows, node by node, up to which segment the store's are counted on this machine.
///
/// Costs one listing and one manifest for each node and look, as a segment that was once seen counted is never looked
/// at again.
package struct SegmentTrail: Sendable {
    /// What the store has and no run has landed.
    package struct Waiting: Equatable, Sendable {
        package var segments = 0
        /// When the first line of the oldest of them arrived, in microseconds since 1970.
        package var oldestMicroseconds: Int64?

        package init() {}
    }

    private let store: any ObjectStore
    private let folders: UsageFolders
    /// By node: the segment up to which all are landed.
    private var counted: [String: Int] = [:]
    /// Manifests are read at most so often in one look; the next one goes on.
    private static let readsMax = 256

    package init(store: any ObjectStore, folders: UsageFolders) {
        self.store = store
        self.folders = folders
    }

    /// Looks at the store and at what is landed.
    ///
    /// - Throws: `store` if it does not answer, `stopped` if the task is cancelled.
    package mutating func look() async throws(WarehouseError) -> Waiting {
        let folders = folders
        let marks = try await Blocking.run { () throws(WarehouseError) in FetchMarks.load(folders.marks) }
        var waiting = Waiting()
        var reads = 0
        for node in try await SegmentCatalogue.nodes(in: store) {
            var last = max(counted[node] ?? 0, marks.nodes[node]?.number ?? 0)
            let names = try await SegmentCatalogue.names(of: node, in: store, from: last > 0 ? last : nil)
            for name in names where name.number > last {
                guard reads < Self.readsMax else { break }
                reads += 1
                // A manifest that is none is the next run's to name.
                guard case .success(let segment) = try await SegmentCatalogue.manifest(name, in: store) else { break }
                let isLanded = try await Blocking.run { () throws(WarehouseError) in
                    FileManager.default.fileExists(atPath: folders.landed + "/" + segment.markName)
                }
                if !isLanded {
                    if let received = segment.firstReceivedMicroseconds {
                        waiting.oldestMicroseconds = min(received, waiting.oldestMicroseconds ?? received)
                    }
                    break
                }
                last = name.number
            }
            counted[node] = last
            waiting.segments += names.count { $0.number > last }
        }
        return waiting
    }
}
