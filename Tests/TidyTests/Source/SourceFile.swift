/// A text file of the repository, as the rules look at it.
struct SourceFile: Sendable {
    /// From the root, with `/`.
    let path: String
    let lines: [Substring]
    /// For Swift files; empty for others.
    let tokens: [Token]
    /// For Swift files: the comments by line.
    let comments: [Int: String]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        if path.hasSuffix(".swift") {
            let lexer = SwiftLexer(text)
            tokens = lexer.tokens
            comments = lexer.comments
        } else {
            tokens = []
            comments = [:]
        }
    }

    var components: [Substring] { path.split(separator: "/") }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var isMarkdown: Bool { path.hasSuffix(".md") }
    var isInSources: Bool { path.hasPrefix("Sources/") }
    var isInTests: Bool { path.hasPrefix("Tests/") }

    /// The last component without its extension.
    var name: Substring {
        let last = components.last ?? ""
        return last.lastIndex(of: ".").map { last[..<$0] } ?? last
    }

    /// The target a file under `Sources` belongs to.
    var module: String? {
        isInSources && components.count > 2 ? String(components[1]) : nil
    }

    /// Whether a comment stands on `line` or on the three lines above it.
    func hasComment(near line: Int) -> Bool {
        (line - 3...line).contains { comments[$0] != nil }
    }
}
