/// A place where a rule is broken, written as compilers write it.
struct Violation: Equatable, CustomStringConvertible {
    let path: String
    /// From 1; 0 for the file as a whole.
    let line: Int
    let message: String

    init(_ file: SourceFile, line: Int = 0, _ message: String) {
        path = file.path
        self.line = line
        self.message = message
    }

    init(path: String, _ message: String) {
        self.path = path
        line = 0
        self.message = message
    }

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}
