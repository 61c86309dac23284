/// A module imports only from lower layers, and from outside only what its layer may have.
struct LayerRule: FileRule {
    /// Packages that begin at a layer: HTTP servers are the roles', command lines the binary's.
    private static let firstLayer = [
        "ArgumentParser": 4, "Hummingbird": 3, "HummingbirdCore": 3, "HummingbirdRouter": 3, "HummingbirdTesting": 5,
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        var found: [Violation] = []
        for (name, line) in Self.imports(file.tokens) {
            if name == "XCTest" { found.append(Violation(file, line: line, "XCTest; tests use Swift Testing")) }
            guard let own = file.module else { continue }
            if let message = Self.objection(own: own, imported: name) {
                found.append(Violation(file, line: line, message))
            }
        }
        return found
    }

    private static func objection(own: String, imported: String) -> String? {
        guard let module = Module.named(own) else { return "module \(own) is not in the table of modules" }
        // Tests may start processes, which FoundationEssentials cannot.
        if imported == "Foundation", !Module.forTests.contains(own) {
            return "Foundation; FoundationEssentials is enough"
        }
        if let layer = firstLayer[imported], module.layer < layer { return "\(imported) in layer \(module.layer)" }
        guard let other = Module.named(imported) else { return nil }
        if Module.forTests.contains(imported), !Module.forTests.contains(own) { return "\(imported) is for tests" }
        return other.layer < module.layer
            ? nil : "\(own) (layer \(module.layer)) imports \(imported) (layer \(other.layer)): downward only"
    }

    /// The modules a file imports, with the lines.
    static func imports(_ tokens: [Token]) -> [(name: String, line: Int)] {
        var found: [(String, Int)] = []
        for index in tokens.indices where tokens[index].text == "import" && index + 1 < tokens.count {
            let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "typealias", "let", "var"]
            let isNarrow = kinds.contains(tokens[index + 1].text) && index + 2 < tokens.count
            found.append((tokens[index + (isNarrow ? 2 : 1)].text, tokens[index].line))
        }
        return found
    }
}
