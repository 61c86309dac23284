/// Every folder in `Sources` is in the table of modules, and its opening file begins with what the module promises.
struct ModuleTableRule {
    /// Fewer lines cannot say what a module promises, what it costs and what may fail.
    static let openingLinesMin = 3

    func violations(in tree: SourceTree) -> [Violation] {
        let folders = Set(tree.paths.filter { $0.hasPrefix("Sources/") }.map { String($0.split(separator: "/")[1]) })
        return folders.sorted().compactMap { folder in
            guard let module = Module.named(folder) else {
                return Violation(path: "Sources/\(folder)", "not in the table of modules")
            }
            let path = "Sources/\(folder)/\(module.opening)"
            guard let file = tree.files.first(where: { $0.path == path }) else {
                return Violation(path: path, "the module's opening file is not there")
            }
            return Self.openingLines(file) >= Self.openingLinesMin || !file.isSwift
                ? nil : Violation(file, "no opening comment that says what the module promises, costs and may fail at")
        }
    }

    /// Lines of the documentation comment directly above the first type (attributes may stand between).
    private static func openingLines(_ file: SourceFile) -> Int {
        guard let type = TypeDeclaration.all(in: file.tokens).first else { return 0 }
        var line = type.line - 1
        while line > 0, file.lines[line - 1].hasPrefix("@") { line -= 1 }
        var count = 0
        while line > 0, file.comments[line]?.hasPrefix("///") == true {
            count += 1
            line -= 1
        }
        return count
    }
}
