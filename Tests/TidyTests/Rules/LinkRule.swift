/// A link from a page to a file of the repository leads somewhere.
struct LinkRule {
    func violations(in tree: SourceTree) -> [Violation] {
        let known = Set(tree.paths)
        var found: [Violation] = []
        for file in tree.files where file.isMarkdown {
            for (index, line) in file.lines.enumerated() {
                for match in line.matches(of: /\]\(([^)#\s]+)/) where !match.1.contains(":") {
                    let target = Self.resolve(match.1, from: file.path)
                    let isFolder = tree.paths.contains { $0.hasPrefix(target.hasSuffix("/") ? target : target + "/") }
                    if !known.contains(target), !isFolder {
                        found.append(Violation(file, line: index + 1, "a link to \(match.1), which is not there"))
                    }
                }
            }
        }
        return found
    }

    private static func resolve(_ link: Substring, from page: String) -> String {
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for step in link.split(separator: "/") {
            switch step {
            case ".": break
            case "..": if !parts.isEmpty { parts.removeLast() }
            default: parts.append(String(step))
            }
        }
        return parts.joined(separator: "/")
    }
}
