import Compression
import DeliveryTypes
import HTTPSemantics
import Testing

@Suite("Bodies that are cut, changed or too large")
struct HostileBodyTests {
    static let dictionary = Sample.document(members: 300)

    private func packed(_ body: [UInt8], _ coding: ContentCoding) throws -> [UInt8] {
        let prepared = try ZstdDictionary(Self.dictionary, digest: Sample.digest(Self.dictionary))
        return try Compressor().compress(body, as: coding, dictionary: prepared)
    }

    private func unpacked(
        _ body: [UInt8],
        _ coding: ContentCoding,
        _ bytesMax: Int
    ) throws(CompressionError) -> [UInt8] {
        let dictionary = (bytes: Self.dictionary, digest: Sample.digest(Self.dictionary))
        return try Decompressor.decompress(body, from: coding, dictionary: dictionary, bytesMax: bytesMax)
    }

    @Test("a body that is cut anywhere is refused", arguments: [ContentCoding.gzip, .br, .zstd, .dcz])
    func cut(coding: ContentCoding) throws {
        let whole = try packed(Sample.document(members: 400, edits: 40), coding)
        for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 200)) {
            #expect(throws: CompressionError.malformed) { try unpacked(Array(whole.prefix(length)), coding, 1 << 20) }
        }
    }

    @Test("bytes behind the end are refused", arguments: [ContentCoding.gzip, .br, .zstd, .dcz])
    func trailing(coding: ContentCoding) throws {
        let whole = try packed(Sample.document(members: 40), coding) + [0x21, 0x21, 0x21, 0x21, 0x21]
        #expect(throws: CompressionError.malformed) { try unpacked(whole, coding, 1 << 20) }
    }

    @Test("a small body that becomes large stops at the limit", arguments: ContentCoding.allCases)
    func bomb(coding: ContentCoding) throws {
        let body = [UInt8](repeating: 0x20, count: 30 << 20)
        let small = try packed(body, coding)
        #expect(throws: CompressionError.tooLarge(bytesMax: 1 << 20)) { try unpacked(small, coding, 1 << 20) }
        #expect(throws: CompressionError.tooLarge(bytesMax: body.count - 1)) {
            try unpacked(small, coding, body.count - 1)
        }
    }

    @Test("changed bytes give an error or bytes within the limit", arguments: [ContentCoding.gzip, .br, .zstd, .dcz])
    func fuzz(coding: ContentCoding) throws {
        let whole = try packed(Sample.document(members: 60, edits: 12), coding)
        var random = SeededGenerator(seed: 2_026)
        var refused = 0
        for _ in 0..<3_000 {
            var changed = whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: if changed.count > 1 { changed.remove(at: place) }
                }
            }
            do throws(CompressionError) {
                #expect(try unpacked(changed, coding, 20_000).count <= 20_000)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }
}
