/// A page in `docs/formats` names a golden or a fixture, and it exists.
struct FormatPageRule {
    func violations(in tree: SourceTree) -> [Violation] {
        let known = Set(tree.paths)
        var found: [Violation] = []
        for file in tree.files where file.isMarkdown && file.path.hasPrefix("docs/formats/") {
            var isProven = false
            for (index, line) in file.lines.enumerated() {
                for match in line.matches(of: /Tests\/(?:Goldens|Fixtures)\/[A-Za-z0-9_.\/-]*[A-Za-z0-9]/) {
                    let path = String(match.output)
                    if known.contains(path) || tree.paths.contains(where: { $0.hasPrefix(path + "/") }) {
                        isProven = true
                    } else {
                        found.append(Violation(file, line: index + 1, "\(path) is not there"))
                    }
                }
            }
            if !isProven { found.append(Violation(file, "names no golden and no fixture")) }
        }
        return found
    }
}
