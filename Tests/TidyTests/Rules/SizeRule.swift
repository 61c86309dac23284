/// Files end at 500 lines, functions at 70, lines at 120 columns.
struct SizeRule: FileRule {
    static let fileLinesMax = 500
    static let functionLinesMax = 70
    static let columnsMax = 120

    /// Where lines are written by people and read as code.
    private static let extensions = [".swift", ".c", ".h", ".py", ".sh", ".js", ".css"]

    func violations(in file: SourceFile) -> [Violation] {
        let isScript = file.path.hasPrefix("scripts/") && !file.path.contains(".") || file.path.hasPrefix(".ci/")
        guard isScript || file.path == "Makefile" || Self.extensions.contains(where: file.path.hasSuffix),
            !file.path.hasPrefix("Tests/Fixtures/"), !file.path.hasPrefix("Tests/Goldens/")
        else { return [] }
        var found: [Violation] = []
        if file.lines.count > Self.fileLinesMax {
            found.append(Violation(file, "\(file.lines.count) lines; split it by idea"))
        }
        for (index, line) in file.lines.enumerated() where line.utf8.count > Self.columnsMax {
            if line.count > Self.columnsMax {
                found.append(Violation(file, line: index + 1, "\(line.count) columns"))
            }
        }
        let functions = file.isSwift ? FunctionSpan.inSwift(file.tokens) : FunctionSpan.inC(file)
        for function in functions where function.lineCount > Self.functionLinesMax {
            found.append(Violation(file, line: function.firstLine, "a function of \(function.lineCount) lines"))
        }
        return found
    }
}
