/// A `struct`, `class`, `enum`, `actor` or `protocol` in Swift code.
struct TypeDeclaration: Equatable {
    let name: String
    let line: Int
    /// How many braces are open around it; 0 at the top of the file.
    let depth: Int
    let isPrivate: Bool

    private static let keywords: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifiers: Set<String> = [
        "package", "public", "internal", "private", "fileprivate", "final", "indirect", "open", "nonisolated",
        "distributed",
    ]

    static func all(in tokens: [Token]) -> [TypeDeclaration] {
        var found: [TypeDeclaration] = []
        var depth = 0
        for (index, token) in tokens.enumerated() {
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            guard keywords.contains(token.text), index + 1 < tokens.count, tokens[index + 1].isWord,
                !isUse(tokens, at: index)
            else { continue }
            found.append(
                TypeDeclaration(
                    name: tokens[index + 1].text,
                    line: token.line,
                    depth: depth,
                    isPrivate: isPrivate(tokens, before: index)
                )
            )
        }
        return found
    }

    /// Whether the keyword is something else here: `class func`, `import struct`, `.class`, an argument label.
    private static func isUse(_ tokens: [Token], at index: Int) -> Bool {
        if ["func", "var", "let", "subscript"].contains(tokens[index + 1].text) { return true }
        guard index > 0 else { return false }
        return ["import", ".", "(", ",", ":"].contains(tokens[index - 1].text)
    }

    private static func isPrivate(_ tokens: [Token], before index: Int) -> Bool {
        var position = index - 1
        while position >= 0, modifiers.contains(tokens[position].text) {
            if ["private", "fileprivate"].contains(tokens[position].text) { return true }
            position -= 1
        }
        return false
    }
}
