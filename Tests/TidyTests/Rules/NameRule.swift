/// No file, folder or type is named with a word that says nothing.
struct NameRule: FileRule {
    private static let banned: Set<String> = [
        "util", "utils", "utility", "utilities", "helper", "helpers", "manager", "common", "base", "misc", "extensions",
        "new", "deprecated",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        if !file.path.hasPrefix("Tests/Fixtures/") {
            for component in file.components {
                if let word = Self.bannedWord(in: component) {
                    found.append(Violation(file, "\"\(word)\" in a file or folder name"))
                }
            }
        }
        for declaration in TypeDeclaration.all(in: file.tokens) {
            if let word = Self.bannedWord(in: declaration.name[...]) {
                found.append(Violation(file, line: declaration.line, "\"\(word)\" in the name \(declaration.name)"))
            }
        }
        return found
    }

    private static func bannedWord(in name: Substring) -> String? {
        words(of: name).first(where: banned.contains)
    }

    /// `RenderPoolManager` → render, pool, manager; `common-parts.c` → common, parts, c; `Base64URL` → base64, url.
    static func words(of name: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: Character = " "
        for (index, character) in zip(name.indices, name) {
            let next = name.index(after: index) < name.endIndex ? name[name.index(after: index)] : " "
            let begins = character.isUppercase && (!previous.isUppercase || next.isLowercase)
            if begins || !(character.isLetter || character.isNumber) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character.isLetter || character.isNumber { word += character.lowercased() }
            previous = character
        }
        return word.isEmpty ? words : words + [word]
    }
}
