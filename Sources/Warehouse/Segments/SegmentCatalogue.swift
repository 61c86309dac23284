import NIOCore
import ObjectStorage

/// The segments that the store has, of all nodes, checked to be in a row.
///
/// Manifests are immutable, so a catalogue goes on from the marks of the last run: it reads the manifest at each mark
/// again, to see that the store has not gone back in time, and all that follow.
struct SegmentCatalogue: Sendable {
    /// What is wrong, one text for each; nothing may be counted while there is any.
    private(set) var faults: [String] = []
    /// In the order of node and number, without those up to the marks.
    private(set) var segments: [StoredSegment] = []
    private let marks: FetchMarks

    /// How many manifests are read at once.
    private static let concurrency = 8

    init(after marks: FetchMarks) { self.marks = marks }

    /// Reads what the store has after the marks.
    ///
    /// - Throws: `store` if the store does not answer, `stopped` if the task is cancelled. What is wrong with what it
    ///   answers is in `faults`.
    static func read(
        from store: any ObjectStore,
        after marks: FetchMarks
    ) async throws(WarehouseError) -> SegmentCatalogue {
        var catalogue = SegmentCatalogue(after: marks)
        let nodes = try await nodes(in: store)
        for node in marks.nodes.keys.sorted() where !nodes.contains(node) {
            catalogue.faults.append("the store has no segments of node \(node) any more")
        }
        for node in nodes {
            let names = try await names(of: node, in: store, from: marks.nodes[node]?.number)
            let manifests = try await manifests(names, in: store)
            catalogue.add(node, manifests)
        }
        return catalogue
    }

    /// Takes a node's manifests: those from the mark on, in the order of their numbers; the texts of unreadable ones
    /// say why.
    mutating func add(_ node: String, _ manifests: [(name: ManifestName, content: Result<StoredSegment, Unreadable>)]) {
        var expected = 1
        var rest = manifests[...]
        if let mark = marks.nodes[node] {
            guard let first = rest.popFirst(), first.name.number == mark.number else {
                faults.append("segment \(mark.number) of node \(node), counted earlier, is no longer in the store")
                return
            }
            switch first.content {
            case .failure(let unreadable): return faults.append(unreadable.reason)
            case .success(let segment) where segment.digest != mark.sha256:
                faults.append("\(segment.description) is not the one that was counted earlier")
                return
            case .success: expected = mark.number + 1
            }
        }
        for manifest in rest {
            let number = manifest.name.number
            if number > expected {
                let last = number - 1
                faults.append(
                    expected == last
                        ? "segment \(expected) of node \(node) is missing, and \(number) is there"
                        : "segments \(expected) to \(last) of node \(node) are missing, and \(number) is there"
                )
            }
            expected = number + 1
            switch manifest.content {
            case .failure(let unreadable): faults.append(unreadable.reason)
            case .success(let segment): segments.append(segment)
            }
        }
    }

    /// A manifest that is none.
    struct Unreadable: Error, Equatable {
        var reason: String
    }

    /// The nodes that have manifests, found by skipping from each to the next.
    static func nodes(in store: any ObjectStore) async throws(WarehouseError) -> [String] {
        var nodes: [String] = []
        var after: ObjectKey?
        let prefix = try prefix(StoredSegment.manifestsPrefix)
        while true {
            let page: ObjectPage
            do throws(ObjectStoreError) {
                page = try await store.list(prefix: prefix, after: after, limit: 1)
            } catch { throw failure(error) }
            guard let key = page.objects.first?.key else { return nodes }
            if let name = ManifestName(key) {
                nodes.append(name.node)
                // Past every number of this node: "~" comes after all digits.
                after = try self.key(StoredSegment.manifestsPrefix + name.node + "/~")
            } else {
                after = key
            }
        }
    }

    /// The node's manifests from a number on, in order.
    static func names(
        of node: String,
        in store: any ObjectStore,
        from number: Int?
    ) async throws(WarehouseError) -> [ManifestName] {
        var names: [ManifestName] = []
        // Number 0 is nobody's, and a good place to begin after.
        var after: ObjectKey? = try number.map { number throws(WarehouseError) in
            try key(ManifestName(node: node, number: number - 1).text)
        }
        let prefix = try prefix(StoredSegment.manifestsPrefix + node + "/")
        while true {
            let page: ObjectPage
            do throws(ObjectStoreError) {
                page = try await store.list(prefix: prefix, after: after, limit: 1000)
            } catch { throw failure(error) }
            names += page.objects.compactMap { ManifestName($0.key) }
            guard let next = page.next else { return names }
            after = next
        }
    }

    private static func manifests(
        _ names: [ManifestName],
        in store: any ObjectStore
    ) async throws(WarehouseError) -> [(name: ManifestName, content: Result<StoredSegment, Unreadable>)] {
        let read = await Concurrently.map(names, atOnce: concurrency) { name in
            await outcome { () async throws(WarehouseError) in try await manifest(name, in: store) }
        }
        var manifests: [(ManifestName, Result<StoredSegment, Unreadable>)] = []
        for (name, result) in zip(names, read) { manifests.append((name, try result.get())) }
        return manifests
    }

    private static func outcome<Value>(
        _ body: () async throws(WarehouseError) -> Value
    ) async -> Result<Value, WarehouseError> {
        do throws(WarehouseError) { return .success(try await body()) } catch { return .failure(error) }
    }

    /// What the manifest of that name says.
    static func manifest(
        _ name: ManifestName,
        in store: any ObjectStore
    ) async throws(WarehouseError) -> Result<StoredSegment, Unreadable> {
        do throws(ObjectStoreError) {
            let object = try await store.get(try ObjectKey(name.text))
            let bytes = try await object.body.collect(upTo: StoredSegment.manifestBytesMax)
            var fault = ""
            if let segment = StoredSegment(manifest: Array(bytes.readableBytesView), at: name, fault: &fault) {
                return .success(segment)
            }
            return .failure(Unreadable(reason: "the manifest \(name.text) is damaged: \(fault)"))
        } catch {
            switch error {
            case .notFound: return .failure(Unreadable(reason: "the manifest \(name.text) is gone"))
            case .corrupt, .tooLarge:
                return .failure(Unreadable(reason: "the manifest \(name.text) is damaged: \(error)"))
            default: throw failure(error)
            }
        }
    }

    private static func prefix(_ text: String) throws(WarehouseError) -> ObjectPrefix {
        do throws(ObjectStoreError) { return try ObjectPrefix(text) } catch { throw failure(error) }
    }

    private static func key(_ text: String) throws(WarehouseError) -> ObjectKey {
        do throws(ObjectStoreError) { return try ObjectKey(text) } catch { throw failure(error) }
    }

    /// What a failing store means for a run.
    static func failure(_ error: ObjectStoreError) -> WarehouseError {
        switch error {
        case .cancelled: .stopped
        case .accessDenied:
            WarehouseError(.store, "the object store refuses: \(error)", remedy: "look at --store and its credentials")
        default:
            WarehouseError(.store, "the object store cannot be read: \(error)", remedy: "try again when it answers")
        }
    }
}
