import FoundationEssentials

/// The repository's files, read once.
struct SourceTree: Sendable {
    /// Every file, also binary ones, from the root.
    let paths: [String]
    /// The text files.
    let files: [SourceFile]

    /// Where files are looked for; other folders of the root (builds, data, environments) are not the project's.
    private static let folders = [
        ".ci", "Benchmarks", "Sources", "Tests", "deploy", "docs", "samples", "scripts", "warehouse",
    ]
    private static let textExtensions: Set<Substring> = [
        "swift", "c", "h", "md", "py", "sh", "js", "css", "html", "svg", "txt", "yml", "yaml", "json", "jsonl",
        "modulemap", "sql", "toml", "cfg",
    ]
    private static let skipped: Set<Substring> = ["__pycache__", "__screenshots__", ".pytest_cache", "node_modules"]

    /// This checkout.
    static let repository = SourceTree(
        root: #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    )

    init(root: String) {
        let manager = FileManager.default
        var paths: [String] = []
        // A folder that does not exist yet has nothing to check.
        for name in (try? manager.contentsOfDirectory(atPath: root)) ?? [] {
            if Self.folders.contains(name) {
                Self.collect(name, in: root, into: &paths)
            } else if !Self.isFolder(root + "/" + name), !Self.isLocal(name) {
                paths.append(name)
            }
        }
        self.paths = paths.sorted()
        files = self.paths.compactMap { path in
            let fileExtension = path.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
            guard fileExtension.isEmpty || Self.textExtensions.contains(fileExtension),
                let data = manager.contents(atPath: root + "/" + path),
                let text = String(bytes: data, encoding: .utf8)
            else { return nil }
            return SourceFile(path: path, text: text)
        }
    }

    /// A tree that a test makes up.
    init(files: [SourceFile], otherPaths: [String] = []) {
        self.files = files
        paths = (files.map(\.path) + otherPaths).sorted()
    }

    /// The violations of a rule over all files.
    func violations(of rule: some FileRule) -> [Violation] {
        files.flatMap(rule.violations)
    }

    /// Files in the root that belong to one checkout: git's link of a worktree, what SwiftPM resolved, a manifest of
    /// one's own.
    private static func isLocal(_ name: String) -> Bool {
        name == ".git" || name == "Package.resolved" || name.hasPrefix("Package@")
    }

    private static func collect(_ path: String, in root: String, into paths: inout [String]) {
        // Unreadable folders show up as missing files in the rules that name them.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + path)) ?? [] {
            let child = path + "/" + name
            if isFolder(root + "/" + child) {
                if !skipped.contains(name[...]) { collect(child, in: root, into: &paths) }
            } else {
                paths.append(child)
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
