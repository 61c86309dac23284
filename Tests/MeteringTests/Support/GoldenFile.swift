import Foundation
import Testing

/// A file of the repository that a test compares with; `UPDATE_GOLDENS=1` rewrites it for review.
struct GoldenFile {
    let path: String

    /// `name` from the repository's root.
    init(_ name: String, from testFile: String = #filePath) {
        let root = (0..<3).reduce(URL(filePath: testFile)) { url, _ in url.deletingLastPathComponent() }
        path = root.appending(path: name).path()
    }

    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        #expect(try self.text() == text, sourceLocation: sourceLocation)
    }
}
