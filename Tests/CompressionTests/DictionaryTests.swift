import Compression
import DeliveryTypes
import Foundation
import HTTPSemantics
import Testing

@Suite("Dictionary-compressed Zstandard, RFC 9842")
struct DictionaryTests {
    let dictionary = Sample.document(members: 20_000)
    let body = Sample.document(members: 20_000, edits: 300)

    private func prepared() throws -> ZstdDictionary {
        try ZstdDictionary(dictionary, digest: Sample.digest(dictionary))
    }

    @Test("a body begins with the fixed bytes and the dictionary's digest")
    func head() throws {
        let packed: [UInt8] = try Compressor().compress(body, as: .dcz, dictionary: prepared())
        #expect(Array(packed.prefix(8)) == [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0, 0, 0])
        #expect(Array(packed[8..<40]) == Sample.digest(dictionary).bytes)
        #expect(Array(packed[40..<44]) == [0x28, 0xB5, 0x2F, 0xFD])
        #expect(DictionaryFrame.digest(of: packed) == Sample.digest(dictionary))
    }

    @Test("a document that is near the dictionary becomes small")
    func small() throws {
        let compressor = Compressor()
        let packed: [UInt8] = try compressor.compress(body, as: .dcz, dictionary: prepared())
        let plain: [UInt8] = try compressor.compress(body, as: .zstd)
        #expect(packed.count < plain.count / 20)
    }

    @Test("the end of a dictionary and of a body beyond 2 MB are in reach")
    func large() throws {
        let dictionary = Sample.noise(3 << 20)
        let prepared = try ZstdDictionary(dictionary, digest: Sample.digest(dictionary))
        let packed: [UInt8] = try Compressor().compress(dictionary, as: .dcz, dictionary: prepared)
        #expect(packed.count < 20_000)
        #expect(prepared.memoryBytes < 2 * dictionary.count)
    }

    @Test("without a dictionary, or with another, it is refused")
    func wrong() throws {
        let compressor = Compressor()
        #expect(throws: CompressionError.wrongDictionary) {
            let _: [UInt8] = try compressor.compress(body, as: .dcz)
        }
        let packed: [UInt8] = try compressor.compress(body, as: .dcz, dictionary: prepared())
        #expect(throws: CompressionError.wrongDictionary) {
            try Decompressor.decompress(packed, from: .dcz, bytesMax: 1 << 22)
        }
        let other = (bytes: body, digest: Sample.digest(body))
        #expect(throws: CompressionError.wrongDictionary) {
            try Decompressor.decompress(packed, from: .dcz, dictionary: other, bytesMax: 1 << 22)
        }
    }

    @Test("what Zstandard would not take as plain bytes is refused as dictionary")
    func refused() {
        for bytes in [[], [1, 2, 3], [0x37, 0xA4, 0x30, 0xEC] + [UInt8](repeating: 1, count: 100)] as [[UInt8]] {
            #expect(throws: CompressionError.malformed) { try ZstdDictionary(bytes, digest: Sample.digest(bytes)) }
        }
    }

    @Test("the zstd program reads it with the dictionary", .enabled(if: Program.has("zstd")))
    func program() throws {
        let packed: [UInt8] = try Compressor().compress(body, as: .dcz, dictionary: prepared())
        let file = FileManager.default.temporaryDirectory.appending(path: "dictionary-" + UUID().uuidString)
        try Data(dictionary).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // Left over at worst.
        #expect(try Program.output("zstd", ["-d", "-c", "-D", file.path], input: packed) == body)
        let theirs = try #require(try Program.output("zstd", ["-c", "-5", "-D", file.path], input: body))
        let framed = DictionaryFrame.head(Sample.digest(dictionary)) + theirs
        let own = (bytes: dictionary, digest: Sample.digest(dictionary))
        #expect(try Decompressor.decompress(framed, from: .dcz, dictionary: own, bytesMax: body.count) == body)
    }
}
