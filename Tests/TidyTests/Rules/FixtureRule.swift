/// Every fixture and sample is described in a README beside it or above it: origin, licence, recipe.
struct FixtureRule {
    private static let folders = ["Tests/Fixtures/", "samples/"]

    func violations(in tree: SourceTree) -> [Violation] {
        let readmes = Dictionary(
            tree.files.filter { $0.path.hasSuffix("README.md") }.map { ($0.path, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return tree.paths.compactMap { path in
            guard let folder = Self.folders.first(where: path.hasPrefix), !path.hasSuffix("README.md"),
                !Self.isDescribed(path, down: folder, readmes)
            else { return nil }
            return Violation(path: path, "no line in a README.md")
        }
    }

    /// Named in full from the README's folder, or through one of its folders (`hostile/`).
    private static func isDescribed(_ path: String, down top: String, _ readmes: [String: SourceFile]) -> Bool {
        var folder = path.split(separator: "/").dropLast().map(String.init)
        while folder.joined(separator: "/").utf8.count + 1 >= top.utf8.count {
            let prefix = folder.joined(separator: "/") + "/"
            if let readme = readmes[prefix + "README.md"] {
                let inside = String(path.dropFirst(prefix.count))
                var names = [inside]
                for (index, character) in zip(inside.indices, inside) where character == "/" {
                    names.append(String(inside[...index]))
                }
                if readme.lines.contains(where: { line in names.contains { line.contains("`\($0)`") } }) { return true }
            }
            folder.removeLast()
        }
        return false
    }
}
