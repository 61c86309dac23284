import Foundation
import Testing

/// A file in `Tests/Goldens` that a test compares its output with; `UPDATE_GOLDENS=1` rewrites it for review.
struct GoldenFile {
    let path: String

    init(_ name: String, from testFile: String = #filePath) {
        let tests = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
        path = tests.appending(path: "Goldens").appending(path: name).path()
    }

    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == golden, sourceLocation: sourceLocation)
    }
}
