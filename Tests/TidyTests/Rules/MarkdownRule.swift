/// A page has exactly one first-level heading.
struct MarkdownRule: FileRule {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.isMarkdown else { return [] }
        var isCode = false
        var headings = 0
        for line in file.lines {
            if line.hasPrefix("```") { isCode.toggle() }
            if !isCode, line.hasPrefix("# ") { headings += 1 }
        }
        return headings == 1 ? [] : [Violation(file, "\(headings) first-level headings; a page has one")]
    }
}
