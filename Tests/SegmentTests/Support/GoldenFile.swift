import Foundation
import Testing

/// A file in `Tests/Goldens` that a test compares its output with; `UPDATE_GOLDENS=1` rewrites it for review.
struct GoldenFile {
    let path: String

    init(_ name: String, from testFile: String = #filePath) {
        let tests = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
        path = tests.appending(path: "Goldens").appending(path: name).path()
    }

    func expect(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(bytes).write(to: URL(filePath: path))
        }
        let golden = try Array(Data(contentsOf: URL(filePath: path)))
        #expect(bytes == golden, sourceLocation: sourceLocation)
    }
}
