import Caching
import NIOCore

/// The collector's folder: the lock, the node's name, the nodes' folders and the requests.
///
/// Every verb blocks.
struct CollectorFolder: Sendable {
    let path: String
    let files: @Sendable (String) -> any SegmentFiles
    private let top: any SegmentFiles
    private static let nameFile = "name"

    init(path: String, files: @escaping @Sendable (String) -> any SegmentFiles) {
        self.path = path
        self.files = files
        top = files(path)
    }

    /// - Throws: `taken`, `disk`.
    func claim() throws(MeteringError) {
        let isOurs = try meteringErrors { () throws(DiskFailure) in try top.claim() }
        guard isOurs else { throw .taken(folder: path) }
    }

    func release() { top.release() }

    func home(of node: String) -> NodeFolder { NodeFolder(node: node, in: path, files: files) }

    /// The node's name, and whether it was made just now.
    ///
    /// - Throws: `invalidNode`, `disk`, `full`.
    func name(_ given: String?, newNode: () -> String) throws(MeteringError) -> (node: String, isNew: Bool) {
        if let given {
            guard NodeName.isValid(given) else { throw .invalidNode(given) }
            return (given, false)
        }
        if let kept = try meteringErrors({ () throws(DiskFailure) in try keptName() }) { return (kept, false) }
        return (try keep(newNode()), true)
    }

    /// The nodes that have folders, but for the names that are none.
    func nodes() throws(MeteringError) -> [String] {
        try meteringErrors { () throws(DiskFailure) in
            var nodes: [String] = []
            for name in try top.names() where NodeName.isValid(name) {
                do throws(DiskFailure) {
                    _ = try files("\(path)/\(name)/open").names()
                    nodes.append(name)
                } catch {
                    guard error.isAbsence else { throw error }
                }
            }
            return nodes.sorted()
        }
    }

    /// Returns when the folder itself survives a loss of power.
    func synchronize() throws(MeteringError) {
        try meteringErrors { () throws(DiskFailure) in try top.synchronizeNames() }
        var parent = path[...]
        while let cut = parent.lastIndex(of: "/") {
            parent = parent[..<cut]
            // A folder above that cannot be opened was there before: this process could not have made anything in it.
            try? files(parent.isEmpty ? "/" : String(parent)).synchronizeNames()
        }
    }

    private func keptName() throws(DiskFailure) -> String? {
        do throws(DiskFailure) {
            let bytes = try top.open(Self.nameFile).read(NodeName.bytesMax + 2, at: 0)
            let text = String(buffer: bytes)
            guard text.hasSuffix("\n"), NodeName.isValid(String(text.dropLast())) else { return nil }
            return String(text.dropLast())
        } catch {
            guard error.isAbsence else { throw error }
            return nil
        }
    }

    private func keep(_ name: String) throws(MeteringError) -> String {
        guard NodeName.isValid(name) else { throw .invalidNode(name) }
        try meteringErrors { () throws(DiskFailure) in
            // A crash may have cut it.
            try top.remove(Self.nameFile)
            let file = try top.create(Self.nameFile)
            try file.writeAll([ByteBuffer(string: name + "\n")], at: 0)
            try file.synchronize()
            try top.synchronizeNames()
        }
        return name
    }
}
