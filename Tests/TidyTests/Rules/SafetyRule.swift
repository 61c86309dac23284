/// What the compiler cannot check says why it holds (`// SAFETY:` in the lines above), and stays in a few places.
struct SafetyRule: FileRule {
    /// How far above the reason may stand.
    static let linesMax = 12

    /// Where `unsafe` may be written: the code that talks to the kernel, to libvips, or to another process's memory.
    private static let places = [
        "Sources/Caching/Disk/", "Sources/Compression/", "Sources/Edge/Hits/", "Sources/Imaging/",
        "Sources/Ledger/Exports/PartFile.swift", "Sources/Ledger/Postgres/", "Sources/Metering/Events/Scanning/",
        "Sources/Metering/Segments/Files/CRC32C.swift",
        "Sources/ObjectStorage/File/", "Sources/Originals/",
        "Sources/Rendering/", "Sources/Settings/Assembly/", "Sources/Telemetry/Logs/", "Sources/Warehouse/System/",
        "Sources/Wire/",
        "Sources/vitrine/",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.isInSources || file.isInTests else { return [] }
        var found: [Violation] = []
        for index in file.tokens.indices {
            guard let what = Self.mark(file.tokens, at: index) else { continue }
            let line = file.tokens[index].line
            if !Self.hasReason(file, above: line) {
                found.append(Violation(file, line: line, "\(what) without // SAFETY: above it"))
            }
            if what == "unsafe", file.isInSources, !Self.places.contains(where: file.path.hasPrefix) {
                found.append(Violation(file, line: line, "unsafe outside the places that may have it"))
            }
        }
        return found
    }

    private static func mark(_ tokens: [Token], at index: Int) -> String? {
        let previous = index > 0 ? tokens[index - 1].text : ""
        switch tokens[index].text {
        case "unchecked" where previous == "@": return "@unchecked"
        case "unsafe" where previous == "@": return nil
        case "unsafe" where previous == "(" && index > 1 && tokens[index - 2].text == "nonisolated":
            return "nonisolated(unsafe)"
        case "unsafe" where previous != "." && isExpression(tokens, at: index): return "unsafe"
        default: return nil
        }
    }

    /// Whether the word marks an expression, and is not a label, a case or an argument.
    private static func isExpression(_ tokens: [Token], at index: Int) -> Bool {
        index + 1 < tokens.count && ![":", ")", ",", "=", "."].contains(tokens[index + 1].text)
    }

    private static func hasReason(_ file: SourceFile, above line: Int) -> Bool {
        (max(1, line - linesMax)...line).contains { file.comments[$0]?.contains("SAFETY:") == true }
    }
}
