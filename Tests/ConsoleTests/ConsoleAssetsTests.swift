import Console
import Foundation
import Testing

@Suite("The page's files")
struct ConsoleAssetsTests {
    private static let resources = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Console/Resources")

    private static func text(_ asset: ConsoleAsset) -> String { String(decoding: asset.bytes, as: UTF8.self) }

    private static func file(of asset: ConsoleAsset) -> String {
        asset.path == "/" ? "index.html" : String(asset.path.dropFirst("/page/".count))
    }

    @Test("every file of the folder is served, and nothing else")
    func everyFileIsServed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.resources.path)
        #expect(Set(files) == Set(ConsoleAssets.all.map(Self.file)))
    }

    @Test("what is served is what the folder holds", arguments: ConsoleAssets.all.map(\.path))
    func bytesAreTheFiles(path: String) throws {
        let asset = try #require(ConsoleAssets.asset(at: path))
        let stored = try Data(contentsOf: Self.resources.appending(path: Self.file(of: asset)))
        #expect(asset.bytes == [UInt8](stored))
        #expect(!asset.bytes.isEmpty)
    }

    @Test(
        "no other path has a file",
        arguments: ["", "/index.html", "/page", "/page/", "/page/state", "/page/../page.js"]
    )
    func otherPathsAreUnknown(path: String) {
        #expect(ConsoleAssets.asset(at: path) == nil)
    }

    @Test("entity tags are strong and differ from file to file")
    func entityTagsDiffer() {
        let tags = ConsoleAssets.all.map(\.etag)
        #expect(Set(tags).count == tags.count)
        #expect(tags.allSatisfy { $0.wholeMatch(of: /"[0-9a-f]+-[0-9a-f]+"/) != nil })
    }

    @Test("media types follow the files' names")
    func mediaTypesFit() {
        let types = ["html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]
        for asset in ConsoleAssets.all {
            let ending = String(Self.file(of: asset).split(separator: ".").last ?? "")
            #expect(asset.mediaType.prefix { $0 != ";" } == types[ending] ?? "?", "\(asset.path)")
        }
    }

    @Test("whatever a file loads is served too")
    func referencesAreServed() {
        for asset in ConsoleAssets.all {
            for reference in Self.text(asset).matches(of: /(?:src|href)="(\/[^"]*)"|from "(\.\/[^"]*)"/) {
                let path = reference.1.map(String.init) ?? "/page/" + (reference.2?.dropFirst(2) ?? "")
                #expect(ConsoleAssets.asset(at: path) != nil, "\(asset.path) loads \(path)")
            }
        }
    }

    @Test("nothing needs more than the policy allows: no inline script or style, no other host")
    func filesKeepThePolicy() throws {
        let page = Self.text(try #require(ConsoleAssets.asset(at: "/")))
        #expect(page.firstMatch(of: /<script(?![^>]*\ssrc=)/) == nil)
        #expect(page.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:/) == nil)
        for asset in ConsoleAssets.all {
            let found = Self.text(asset).firstMatch(of: /(?:src|href)="https?:|\burl\(|innerHTML|eval\(|import\(/)
            #expect(found.map { String($0.0) } == nil, "\(asset.path)")
        }
    }

    @Test("the policy starts from nothing and lets no form, frame or inline code in")
    func policyIsStrict() {
        let directives = ConsoleAssets.contentSecurityPolicy.split(separator: "; ")
        #expect(directives.first == "default-src 'none'")
        #expect(directives.contains("script-src 'self'") && directives.contains("frame-ancestors 'none'"))
        #expect(!ConsoleAssets.contentSecurityPolicy.contains("unsafe"))
        #expect(!ConsoleAssets.contentSecurityPolicy.contains("*"))
    }
}
