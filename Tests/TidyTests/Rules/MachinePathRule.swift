/// Nothing names a place that exists on one machine only.
struct MachinePathRule: FileRule {
    /// In parts, so that this file passes.
    private static let roots = [
        ["", "work", "main"], ["", "work", "shared"], ["", "root", ""], ["", "Users", ""], ["", "tmp", "wt"],
        ["", "home", "runner"],
    ].map { $0.joined(separator: "/") }

    func violations(in file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        for (index, line) in file.lines.enumerated() where line.utf8.contains(UInt8(ascii: "/")) {
            for root in Self.roots where line.contains(root) {
                found.append(Violation(file, line: index + 1, "a path of one machine: \(root)"))
            }
        }
        return found
    }
}
