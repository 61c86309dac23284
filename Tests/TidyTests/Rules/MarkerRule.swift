/// Work that is left names an issue: `TODO(#12)`; the other word for it does not exist.
struct MarkerRule: FileRule {
    /// In two parts, so that this file passes.
    private static let never = "FIX" + "ME"
    private static let later = "TO" + "DO"

    func violations(in file: SourceFile) -> [Violation] {
        guard !file.path.hasPrefix("Tests/TidyTests/"), !file.isMarkdown else { return [] }
        var found: [Violation] = []
        for (index, line) in file.lines.enumerated() {
            if line.contains(Self.never) { found.append(Violation(file, line: index + 1, Self.never)) }
            if line.contains(Self.later), !line.contains(/#[0-9]/) {
                found.append(Violation(file, line: index + 1, "\(Self.later) without an issue (#number)"))
            }
        }
        return found
    }
}
