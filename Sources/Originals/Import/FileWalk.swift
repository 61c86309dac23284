import FoundationEssentials

/// The files below some paths, in the order of their names, one at a time.
///
/// The roots may be files, folders or symbolic links to such. Below them hidden names (that begin with a dot) are left
/// out, as are symbolic links unless `followsLinks`; then a folder is entered once, however many links lead to it.
/// It holds the names of one folder per level. Each step blocks.
struct FileWalk: Sendable {
    enum Item: Hashable, Sendable {
        case file(FoundFile)
        /// A root that is not there, or a folder that cannot be read.
        case failure(path: String, reason: String)
    }

    private let followsLinks: Bool
    /// What is still to be looked at, the next one last.
    private var waiting: [(path: String, isRoot: Bool)]
    private var entered: Set<String> = []

    init(roots: [String], followsLinks: Bool) {
        self.followsLinks = followsLinks
        waiting = roots.reversed().map { ($0, true) }
    }

    mutating func next() -> Item? {
        while let (path, isRoot) = waiting.popLast() {
            do {
                if let file = try visit(path, isRoot: isRoot) { return .file(file) }
            } catch {
                // Below the roots, what has gone since its name was read is not missed.
                if !isRoot, (error as? CocoaError)?.code == .fileReadNoSuchFile { continue }
                return .failure(path: path, reason: Self.reason(error))
            }
        }
        return nil
    }

    /// Gives the file at `path`, or takes in the names of the folder at `path`.
    private mutating func visit(_ path: String, isRoot: Bool) throws -> FoundFile? {
        var attributes = try FileManager.default.attributesOfItem(atPath: path)
        var place = path
        if attributes[.type] as? FileAttributeType == .typeSymbolicLink {
            guard isRoot || followsLinks else { return nil }
            place = URL(filePath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: place)
        }
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular:
            let modified = attributes[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
            return FoundFile(
                path: path,
                size: attributes[.size] as? Int ?? 0,
                modifiedMilliseconds: Int((modified.timeIntervalSince1970 * 1000).rounded(.down))
            )
        case .typeDirectory:
            if followsLinks {
                let real = URL(filePath: place).resolvingSymlinksInPath().path
                guard entered.insert(real).inserted else { return nil }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: place).filter { !$0.hasPrefix(".") }
            let base = path.hasSuffix("/") ? path : path + "/"
            for name in names.sorted(by: { $1.utf8.lexicographicallyPrecedes($0.utf8) }) {
                waiting.append((base + name, false))
            }
            return nil
        default:
            return nil
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "access is denied"
        default: "\(error)"
        }
    }
}
