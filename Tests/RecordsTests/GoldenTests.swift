import Foundation
import JSON
import Settings
import Testing

@Suite("Goldens of settings records")
struct GoldenTests {
    private static let project = #"""
        {"savedGroups": {"pro": ["u1", "u2"]}, "x-platforms": ["ios"], "x-countries": ["de"],
         "features": {
          "theme": {"defaultValue": "light", "x-owner": "design", "rules": [
            {"condition": {"platform": "ios", "age": {"$gt": 17}}, "force": "dark"},
            {"condition": {"id": {"$inGroup": "pro"}}, "key": "exp", "variations": ["light", {"base" : 1.0}]}]},
          "limit": {"defaultValue": 10},
          "greeting": {"x-placeholders": true, "defaultValue": "Hi {{name}}"}
        }}
        """#

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Goldens")

    private static func expect(_ bytes: [UInt8], _ name: String) throws {
        let file = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try Data(bytes).write(to: file) }
        #expect(try [UInt8](Data(contentsOf: file)) == bytes, "\(name)")
    }

    @Test("records are written byte for byte as documented")
    func records() throws {
        let release = try Compiled.release(Self.project)
        try Self.expect(release.manifest.record.bytes, "settings-manifest.json")
        for record in release.records {
            switch record.kind {
            case .metadata: try Self.expect(record.bytes, "settings-metadata.json")
            case .partition where record.digest == release.manifest.partitions.last?.record.digest:
                try Self.expect(record.bytes, "settings-partition.json")
            case .packed: try Self.expect(record.bytes, "settings-packed.bin")
            case .values: try Self.expect(record.bytes, "settings-values.txt")
            default: break
            }
        }
    }

    @Test("a state token is written as documented")
    func token() throws {
        let release = try Compiled.loaded(Self.project)
        let token = release.evaluate(Compiled.context(["platform": "ios", "age": 20, "name": "Ann"])).token.text
        try Self.expect(Array("\(token)\n".utf8), "settings-state.txt")
    }
}
