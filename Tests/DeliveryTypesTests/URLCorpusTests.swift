import DeliveryTypes
import FoundationEssentials
import Testing

@Suite("The URL corpus", .timeLimit(.minutes(2)))
struct URLCorpusTests {
    private static let folder = "Tests/Fixtures/urls/"
    /// What the corpus' URLs may name.
    private static func presets() throws -> Presets { try Presets(["sharp=sh:0.7/q:85"]) }

    @Test("every valid path has the canonical options and the key that it always had")
    func golden() throws {
        let presets = try Self.presets()
        let lines = try FixtureFile.lines(Self.folder + "valid.txt").map { line in
            let path = try DeliveryPath(parsing: line, presets: presets)
            let formats: [ImageFormat] = [.avif, .webp]
            let key = CacheKey(source: path.source, transformation: path.transformation, negotiated: formats)
            return [line, path.transformation.canonicalOptions, key.text, key.digest.hex].joined(separator: "\t")
        }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            let file = FixtureFile.repository.appending(path: Self.folder + "golden.tsv")
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        }
        let golden = try FixtureFile.lines(Self.folder + "golden.tsv")
        #expect(lines == golden)
    }

    @Test("every hostile path is read without harm or refused with the part that is wrong")
    func hostile() throws {
        let lines = try FixtureFile.lines(Self.folder + "hostile.txt")
        #expect(lines.count > 90)
        var accepted = 0
        for line in lines where try Self.isAccepted(line) { accepted += 1 }
        // Some look odd and are harmless, as `local:///%252e%252e/a` (a folder called %2e%2e); most are refused.
        #expect(accepted < lines.count / 4)
    }

    @Test("mutated paths never trap, and are read or refused", arguments: [11, 12, 13, 14] as [UInt64])
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let files = try ["valid.txt", "hostile.txt"].flatMap { try FixtureFile.lines(Self.folder + $0) }
        let corpus = files.map { Array($0.utf8.prefix(600)) }
        var accepted = 0
        for _ in 0..<2_500 {
            var bytes = generator.pick(corpus)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                Self.mutate(&bytes, with: generator.pick(corpus), &generator)
            }
            if try Self.isAccepted(String(decoding: bytes, as: UTF8.self)) { accepted += 1 }
        }
        // Both outcomes are exercised.
        #expect(accepted > 50 && accepted < 2_000, "seed \(seed): \(accepted)")
    }

    /// Reads a path for both purposes and checks what must hold of every answer.
    private static func isAccepted(_ text: String) throws -> Bool {
        let presets = try presets()
        do throws(TransformationError) {
            _ = try DeliveryPath(parsing: text, purpose: .information, presets: presets)
        } catch {
            #expect(!error.reason.isEmpty, "\(text)")
        }
        do throws(TransformationError) {
            let path = try DeliveryPath(parsing: text, presets: presets)
            check(path, of: text)
            return true
        } catch {
            #expect(!error.reason.isEmpty && error.description.utf8.count < 1_000, "\(text)")
            return false
        }
    }

    private static func check(_ path: DeliveryPath, of text: String) {
        let transformation = path.transformation
        #expect((try? Transformation(parsing: transformation.canonicalOptions)) == transformation, "\(text)")
        #expect((try? SourceReference(parsing: path.source.text)) == path.source, "\(text)")
        let numbers = [
            transformation.zoomX, transformation.zoomY, transformation.devicePixelRatio, transformation.blur,
            transformation.sharpen, transformation.gravity.x, transformation.gravity.y, transformation.backgroundAlpha,
        ]
        #expect(!numbers.contains { !$0.isFinite }, "\(text)")
        #expect(transformation.zoomX > 0 && transformation.zoomY > 0 && transformation.devicePixelRatio > 0, "\(text)")
        switch path.source {
        case .local(let file):
            let segments = file.split(separator: "/", omittingEmptySubsequences: false)
            #expect(segments.allSatisfy { !["", ".", ".."].contains($0) }, "\(text)")
        case .remote(let url):
            #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(text)")
            #expect(url.hasPrefix("http://") || url.hasPrefix("https://"), "\(text)")
        case .object(let bucket, let key): #expect(!bucket.isEmpty && !key.isEmpty, "\(text)")
        case .original: break
        }
    }

    private static func mutate(_ bytes: inout [UInt8], with other: [UInt8], _ generator: inout SeededGenerator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        let inserted = Array(":/@%.=-+0e9\u{0}?#é".utf8)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.insert(generator.pick(inserted), at: position)
        case 1 where position < bytes.count: bytes.remove(at: position)
        case 2 where position < bytes.count: bytes[position] = UInt8(truncatingIfNeeded: generator.next())
        case 3:
            let words = [
                "nan", "-1", "99999999999999999999", "%2e%2e/", "//", "plain/", "w:", ":::", "1e999", "@", "\u{301}",
            ]
            bytes.insert(contentsOf: generator.pick(words).utf8, at: position)
        case 4:
            let cut = Int.random(in: 0...other.count, using: &generator)
            bytes = Array(bytes[..<position] + other[cut...].prefix(600))
        default:
            let end = Int.random(in: position...bytes.count, using: &generator)
            bytes.insert(contentsOf: Array(bytes[position..<end].prefix(100)), at: position)
        }
    }
}
