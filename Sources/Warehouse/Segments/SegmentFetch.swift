import FoundationEssentials
package import ObjectStorage
import Synchronization

/// Brings the segments of all nodes to this machine, and lets none through that is not what its collector sealed.
///
/// **Promises.** When `run` returns, each segment that a run needs is a file below `segments`, with the size and the
/// SHA-256 of its manifest, and the segments of each node are in a row from 1. When it throws, the counted tables and
/// the marks are untouched, and the error names what is missing, damaged or out of the row; whole files that came
/// before stay for the next run. **Costs** one read of each new segment; segments that live in a folder of this
/// machine are shared with it (hard links) and take no further space. **Fails** with `segments`, `store`, `disk`, and
/// `stopped` if the task is cancelled.
package struct SegmentFetch: Sendable {
    /// What is there and what is to be fetched.
    package struct Plan: Sendable {
        /// What `run` brings.
        package var missing: [StoredSegment]
        /// Segments that were looked at: those beyond the marks, or all.
        package var found: Int
        package var bytes: Int { missing.reduce(0) { $0 + $1.bytes } }
        package var lines: Int { missing.reduce(0) { $0 + $1.lines } }
        fileprivate var marks: FetchMarks
    }

    /// What `run` tells: so many of `of` segments are done.
    package struct Progress: Equatable, Sendable {
        package var done: Int
        package var of: Int
        package var bytes: Int
        package var lines: Int
    }

    private let store: any ObjectStore
    private let folders: UsageFolders

    private static let concurrency = 4
    /// More faults than this are counted and not named.
    private static let namedMax = 10
    /// Bytes that stay free on the disk.
    private static let reserve = 64 << 20

    package init(store: any ObjectStore, folders: UsageFolders) {
        self.store = store
        self.folders = folders
    }

    /// Finds out what is to be fetched; nothing changes.
    ///
    /// `everything` looks at every segment that the store has, and has those fetched that were removed after they were
    /// counted; otherwise only what came after the last fetch is looked at.
    ///
    /// - Throws: `segments` with everything that is wrong.
    package func plan(everything: Bool) async throws(WarehouseError) -> Plan {
        let folders = folders
        let marks = try await Blocking.run { () throws(WarehouseError) in FetchMarks.load(folders.marks) }
        let catalogue = try await SegmentCatalogue.read(from: store, after: everything ? FetchMarks() : marks)
        var faults = catalogue.faults
        if everything {
            for (node, mark) in marks.nodes.sorted(by: { $0.key < $1.key }) {
                let now = catalogue.segments.first { $0.node == node && $0.number == mark.number }
                if now?.digest != mark.sha256 {
                    faults.append("segment \(mark.number) of node \(node), counted earlier, is no longer in the store")
                }
            }
        }
        try Self.refuse(faults)
        let segments = catalogue.segments
        let landed = try await Blocking.run { () throws(WarehouseError) in
            segments.map { FileManager.default.fileExists(atPath: folders.landed + "/" + $0.markName) }
        }
        let missing = zip(segments, landed).filter { everything || !$0.1 }.map(\.0)
        let passed = zip(segments, landed).map { (segment: $0, isLanded: $1) }
        return Plan(missing: missing, found: segments.count, marks: (everything ? FetchMarks() : marks).past(passed))
    }

    /// Fetches and checks what the plan lists.
    @concurrent
    package func run(
        _ plan: Plan,
        tell: @escaping @Sendable (Progress) -> Void
    ) async throws(WarehouseError) {
        let incoming = folders.incoming
        try await prepare(incoming, plan)
        let progress = Mutex(Progress(done: 0, of: plan.missing.count, bytes: 0, lines: 0))
        let results = await Concurrently.map(plan.missing, atOnce: Self.concurrency) { segment in
            let result = await fetch(segment, incoming)
            if case .success = result {
                let now = progress.withLock { progress in
                    progress.done += 1
                    progress.bytes += segment.bytes
                    progress.lines += segment.lines
                    return progress
                }
                tell(now)
            }
            return result
        }
        var faults: [String] = []
        for result in results {
            switch result {
            case .success: break
            case .failure(let error) where error.code == .segments: faults.append(error.reason)
            case .failure(let error): throw error
            }
        }
        try Self.refuse(faults)
    }

    private func fetch(_ segment: StoredSegment, _ incoming: String) async -> Result<Void, WarehouseError> {
        if Task.isCancelled { return .failure(.stopped) }
        let path = folders.segments + "/" + segment.fileName
        do throws(WarehouseError) {
            // A file of an earlier fetch is as good as a new one if it is still what it was.
            if try await Blocking.run({ () throws(WarehouseError) in
                FileManager.default.fileExists(atPath: path)
            }) {
                if try await SegmentFile.fault(in: path, segment) == nil { return .success(()) }
            }
            try await bring(segment, to: path, by: incoming + "/" + segment.stagedName)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func bring(_ segment: StoredSegment, to path: String, by staged: String) async throws(WarehouseError) {
        let shared: String?
        do throws(ObjectStoreError) {
            shared = try await store.localFile(for: segment.key)
        } catch { throw Self.failure(error, segment) }
        if let shared {
            if let fault = try await SegmentFile.fault(in: shared, segment) { throw Self.damaged(segment, fault) }
            if try await SegmentFile.link(shared, to: staged, then: path) { return }
        }
        let file = try await SegmentFile.make(staged)
        do throws(WarehouseError) {
            let fault = try await file.receive(try await open(segment), segment) { Self.failure($0, segment) }
            if let fault { throw Self.damaged(segment, fault) }
            try await file.publish(at: path)
        } catch {
            await file.discard()
            throw error
        }
    }

    private func open(_ segment: StoredSegment) async throws(WarehouseError) -> ObjectBytes {
        do throws(ObjectStoreError) {
            let object = try await store.get(segment.key)
            guard object.metadata.size == segment.bytes else {
                throw .sizeMismatch(expected: segment.bytes, actual: object.metadata.size)
            }
            return object.body
        } catch { throw Self.failure(error, segment) }
    }

    private func prepare(_ incoming: String, _ plan: Plan) async throws(WarehouseError) {
        let folders = folders
        let marks = plan.marks
        let nodes = Set(plan.missing.map(\.node))
        try await Blocking.run { () throws(WarehouseError) in
            do {
                // Only one run is at work, so what is there was left by a crash.
                if FileManager.default.fileExists(atPath: incoming) {
                    try FileManager.default.removeItem(atPath: incoming)
                }
                for path in [incoming] + nodes.map({ folders.segments + "/" + $0 }) {
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                }
            } catch {
                throw WarehouseError(.disk, "\(folders.segments) cannot be used: \(error)", remedy: "look at --data")
            }
            let free = FileSystem.freeBytes(incoming)
            if let free, free < plan.bytes + Self.reserve {
                throw WarehouseError(
                    .disk,
                    "the segments take \(plan.bytes >> 20) MiB, and \(free >> 20) MiB are free at \(folders.segments)",
                    remedy: "make room, or choose another folder with --data"
                )
            }
            try marks.save(folders.marks)
        }
    }

    private static func refuse(_ faults: [String]) throws(WarehouseError) {
        guard !faults.isEmpty else { return }
        var lines = Array(faults.prefix(namedMax))
        if faults.count > namedMax { lines.append("and \(faults.count - namedMax) more") }
        throw WarehouseError(
            .segments,
            lines.joined(separator: "\n"),
            remedy: "nothing was counted; put the objects back from a copy of the store, then run again"
        )
    }

    private static func damaged(_ segment: StoredSegment, _ fault: String) -> WarehouseError {
        WarehouseError(.segments, "\(segment.description) is damaged: \(segment.key) \(fault)")
    }

    private static func failure(_ error: ObjectStoreError, _ segment: StoredSegment) -> WarehouseError {
        switch error {
        case .notFound:
            WarehouseError(.segments, "\(segment.description) is missing: there is no object \(segment.key)")
        case .sizeMismatch(let expected, let actual):
            damaged(segment, "has \(actual) bytes, not \(expected)")
        case .corrupt(_, let reason): damaged(segment, "cannot be read: \(reason)")
        default: SegmentCatalogue.failure(error)
        }
    }
}
