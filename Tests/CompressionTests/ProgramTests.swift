import Compression
import HTTPSemantics
import Testing

/// The programs gzip, brotli and zstd, as far as they are installed.
@Suite("Other programs and ours read each other")
struct ProgramTests {
    static let programs: [(coding: ContentCoding, name: String)] = [(.gzip, "gzip"), (.br, "brotli"), (.zstd, "zstd")]
        .filter { Program.has($0.1) }

    @Test("a program reads what we write", arguments: programs, [CompressionEffort.live, .published])
    func reads(program: (coding: ContentCoding, name: String), effort: CompressionEffort) throws {
        for body in Sample.bodies {
            let packed: [UInt8] = try Compressor().compress(body, as: program.coding, effort: effort)
            #expect(try Program.output(program.name, ["-d", "-c"], input: packed) == body)
        }
    }

    @Test("we read what a program writes", arguments: programs)
    func writes(program: (coding: ContentCoding, name: String)) throws {
        for body in Sample.bodies {
            let packed = try #require(try Program.output(program.name, ["-c"], input: body))
            #expect(try Decompressor.decompress(packed, from: program.coding, bytesMax: body.count) == body)
        }
    }

    @Test("a program reads joined pieces", arguments: programs.filter { $0.coding != .br })
    func joined(program: (coding: ContentCoding, name: String)) throws {
        let pieces = [Sample.document(members: 50), Sample.noise(1_000), Sample.document(members: 9)]
        let packed = try pieces.flatMap { piece throws(CompressionError) -> [UInt8] in
            try Compressor().compress(piece, as: program.coding, effort: .published)
        }
        #expect(try Program.output(program.name, ["-d", "-c"], input: packed) == pieces.flatMap { $0 })
    }
}
