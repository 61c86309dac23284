import Compression
import DeliveryTypes
import HTTPSemantics
import NIOCore
import Testing

@Suite("What was compressed comes back")
struct RoundTripTests {
    @Test(
        "a body of any kind comes back from every coding",
        arguments: ContentCoding.allCases,
        [CompressionEffort.live, .published]
    )
    func returns(coding: ContentCoding, effort: CompressionEffort) throws {
        let dictionary = Sample.document(members: 8_000, seed: 3)
        let digest = Sample.digest(dictionary)
        let prepared = try ZstdDictionary(dictionary, digest: digest)
        let compressor = Compressor()
        for body in Sample.bodies {
            let packed: [UInt8] = try compressor.compress(body, as: coding, dictionary: prepared, effort: effort)
            let back = try Decompressor.decompress(
                packed,
                from: coding,
                dictionary: (dictionary, digest),
                bytesMax: body.count
            )
            #expect(back == body)
        }
    }

    @Test("members and frames that were compressed apart make one body", arguments: [ContentCoding.gzip, .zstd])
    func joins(coding: ContentCoding) throws {
        let compressor = Compressor()
        let pieces = [Sample.document(members: 10), [], Sample.document(members: 3_000), Sample.noise(100)]
        let body = try pieces.flatMap { piece throws(CompressionError) -> [UInt8] in
            try compressor.compress(piece, as: coding, effort: .published)
        }
        #expect(try Decompressor.decompress(body, from: coding, bytesMax: 1 << 20) == pieces.flatMap { $0 })
    }

    @Test("many tasks at once get what one alone gets, and little memory is kept")
    func threads() async throws {
        let dictionary = Sample.document(members: 2_000)
        let prepared = try ZstdDictionary(dictionary, digest: Sample.digest(dictionary))
        let bodies = (0..<40).map { ByteBuffer(bytes: Sample.document(members: 2_000, edits: $0)) }
        let compressor = Compressor(idleMax: 2)
        for coding in ContentCoding.allCases {
            let alone = try bodies.map { body throws(CompressionError) in
                try Compressor().compress(body, as: coding, dictionary: prepared)
            }
            let together = try await withThrowingTaskGroup(of: (Int, ByteBuffer).self) { group in
                for (place, body) in bodies.enumerated() {
                    group.addTask {
                        (place, try await compressor.compressed(body, as: coding, dictionary: prepared))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for place in bodies.indices { #expect(together[place] == alone[place]) }
        }
        #expect(compressor.idleCount <= 2)
        #expect(compressor.idleCount > 0)
    }

    @Test("the readable part of a buffer is what is compressed")
    func readable() throws {
        var buffer = ByteBuffer(string: "--the body--")
        buffer.moveReaderIndex(forwardBy: 2)
        buffer.moveWriterIndex(to: 10)
        let packed = try Compressor().compress(buffer, as: .zstd)
        let back = try Decompressor.decompress(Array(packed.readableBytesView), from: .zstd, bytesMax: 100)
        #expect(back == Array("the body".utf8))
    }
}
