import Caching
import FoundationEssentials
import Metering
import NIOCore
import ObjectStorage
import VitrineTesting

/// A collector's folder and store, seen from outside.
struct Collector {
    private let temporary: TemporaryFolder
    let memory = MemoryObjectStore()
    let disk = FaultyDisk()

    init() throws { temporary = try TemporaryFolder() }

    var path: String { temporary.path(of: "usage/collector") }

    var settings: SegmentSettings {
        var settings = SegmentSettings()
        settings.commitInterval = .zero
        settings.freeBytesMin = 0
        return settings
    }

    func open(
        _ settings: SegmentSettings? = nil,
        node: String? = "node-a",
        store: (any ObjectStore)? = nil,
        clock: any Clock<Duration> = HastyClock(),
        steps: SegmentSteps = .none
    ) async throws(MeteringError) -> SegmentStore {
        let disk = disk
        return try await SegmentStore.open(
            folder: path,
            node: node,
            store: store ?? memory,
            settings: settings ?? self.settings,
            newNode: { "made-up" },
            clock: clock,
            files: { disk.files($0) },
            steps: steps
        )
    }

    func shipped(_ node: String = "node-a") async throws -> Shipped { try await Shipped.read(node, from: memory) }

    /// The names of the files in a folder of the collector, without locks.
    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).filter { $0 != "lock" }.sorted()
    }

    func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path + "/" + name))) }

    func write(_ bytes: [UInt8], to name: String) throws { try temporary.write(bytes, to: "usage/collector/" + name) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
}

/// Gives way to other tasks until something holds.
func until(_ condition: () async throws -> Bool) async rethrows {
    while try await !condition() { await Task.yield() }
}
