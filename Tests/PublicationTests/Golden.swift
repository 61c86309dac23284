import FoundationEssentials
import Testing

/// Compares with a file in `Tests/Goldens`; `UPDATE_GOLDENS=1` writes it anew.
enum Golden {
    static func expect(_ text: String, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let path = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Goldens/" + name
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let golden = try #require(FileManager.default.contents(atPath: path), sourceLocation: location)
        #expect(text == String(decoding: golden, as: UTF8.self), sourceLocation: location)
    }
}
