/// The lines that a function takes, from its first line to its closing brace.
struct FunctionSpan: Equatable {
    let firstLine: Int
    let lastLine: Int

    var lineCount: Int { lastLine - firstLine + 1 }

    /// Functions, initialisers and subscripts with a body, found by matching braces.
    static func inSwift(_ tokens: [Token]) -> [FunctionSpan] {
        var spans: [FunctionSpan] = []
        for (index, token) in tokens.enumerated() where ["func", "init", "deinit", "subscript"].contains(token.text) {
            if index > 0, tokens[index - 1].text == "." { continue }
            guard let open = bodyStart(tokens, after: index), let close = bodyEnd(tokens, from: open) else { continue }
            spans.append(FunctionSpan(firstLine: token.line, lastLine: tokens[close].line))
        }
        return spans
    }

    /// Words that can only follow a declaration without a body, as in a protocol.
    private static let nextDeclaration: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "enum", "class", "actor", "protocol",
        "extension", "associatedtype", "static", "mutating", "package", "public", "private", "}",
    ]

    private static func bodyStart(_ tokens: [Token], after index: Int) -> Int? {
        var depth = 0
        for position in (index + 1)..<max(index + 1, tokens.count) {
            switch tokens[position].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return position
            case let text where depth == 0 && nextDeclaration.contains(text): return nil
            default: break
            }
        }
        return nil
    }

    private static func bodyEnd(_ tokens: [Token], from open: Int) -> Int? {
        var depth = 0
        for position in open..<tokens.count {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }

    /// Functions of a C file: from a line at the margin that ends in `{` to the `}` at the margin.
    static func inC(_ file: SourceFile) -> [FunctionSpan] {
        guard file.path.hasSuffix(".c") else { return [] }
        var spans: [FunctionSpan] = []
        var start: Int?
        for (index, line) in file.lines.enumerated() {
            if let first = line.first, first.isLetter || first == "{", line.last == "{" { start = index + 1 }
            if line.first == "}", let first = start {
                spans.append(FunctionSpan(firstLine: first, lastLine: index + 1))
                start = nil
            }
        }
        return spans
    }
}
