import Compression
import DeliveryTypes
import Foundation
import HTTPSemantics
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

@testable import Metering

@Suite("The files of a segment")
struct SegmentFormatTests {
    @Test("are written as the page says")
    func golden() async throws {
        let collector = try Collector()
        let store = try await collector.open()
        try await store.append(SampleLine.buffer(["first"]), count: 1)
        try await store.append(SampleLine.buffer(["second", "third"]), count: 2)
        await store.close()
        let part = try collector.bytes("node-a/open/00000000000000000001-0000000001.lines")
        try GoldenFile("usage-segment.lines").expect(part)
    }

    @Test("a manifest is written as the page says, and read as it was written")
    func manifest() throws {
        let manifest = SegmentManifest(
            node: "node-a",
            number: 42,
            sha256: ContentDigest(bytes: [UInt8](repeating: 0xab, count: 32)),
            bytes: 12_345,
            lines: 678,
            rawBytes: 123_456,
            received: 1_763_712_345_678_901...1_763_712_355_678_901,
            firstOccurredDay: "2025-11-20",
            lastOccurredDay: "2025-11-21"
        )
        try GoldenFile("usage-segment.json").expect(manifest.json + [UInt8(ascii: "\n")])
        #expect(SegmentManifest(json: manifest.json) == manifest)
        var empty = manifest
        empty.received = nil
        empty.firstOccurredDay = nil
        empty.lastOccurredDay = nil
        #expect(SegmentManifest(json: empty.json) == empty)
        #expect(LocalManifest.decoded(LocalManifest.encoded(manifest)) == manifest)
    }

    @Test("a manifest that was cut or changed is none, or says the same", arguments: 1...3 as ClosedRange<UInt64>)
    func manifestFuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let manifest = SegmentManifest(
            node: "a",
            number: 1,
            sha256: ContentDigest(bytes: [UInt8](repeating: 1, count: 32)),
            bytes: 1,
            lines: 2,
            rawBytes: 3,
            received: 4...5,
            firstOccurredDay: "2025-11-21",
            lastOccurredDay: "2025-11-21"
        )
        let bytes = Array(LocalManifest.encoded(manifest).readableBytesView)
        for _ in 0..<2_000 {
            var mutated = bytes
            let place = Int.random(in: 0..<mutated.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: mutated[place] ^= UInt8.random(in: 1...255, using: &random)
            case 1: mutated.removeSubrange(place...)
            default: mutated.insert(contentsOf: random.bytes(2), at: place)
            }
            #expect(LocalManifest.decoded(ByteBuffer(bytes: mutated)) == nil, "seed \(seed)")
            // Without the checksum it may be another manifest, and never a crash.
            if let json = mutated.split(separator: 0x0a).first { _ = SegmentManifest(json: Array(json)) }
        }
    }

    @Test("checksums are CRC-32C", arguments: [0, 1, 7, 8, 9, 63, 64, 65, 1_000])
    func checksum(count: Int) {
        let (known, zeros) = (Array("123456789".utf8), [UInt8](repeating: 0, count: 32))
        let ones = [UInt8](repeating: 0xff, count: 32)
        #expect(CRC32C.checksum(of: known.span) == 0xe306_9283)
        #expect(CRC32C.checksum(of: zeros.span) == 0x8a91_36aa)
        #expect(CRC32C.checksum(of: ones.span) == 0x62a8_ab43)
        var random = SeededGenerator(seed: UInt64(count))
        let bytes = random.bytes(count)
        var bitByBit = ~UInt32(0)
        for byte in bytes {
            bitByBit ^= UInt32(byte)
            for _ in 0..<8 { bitByBit = bitByBit & 1 == 1 ? 0x82f6_3b78 ^ bitByBit >> 1 : bitByBit >> 1 }
        }
        #expect(CRC32C.checksum(of: bytes.span) == ~bitByBit)
        var inPieces = CRC32C()
        let cut = count / 3
        let (begin, end) = (Array(bytes[..<cut]), Array(bytes[cut...]))
        inPieces.add(begin.span)
        inPieces.add(end.span)
        #expect(inPieces.value == ~bitByBit)
    }

    @Test("names are read as they were written, and nothing else is")
    func names() {
        let names: [SegmentName] = [.part(1, 1), .part(.max, .max), .body(7), .manifest(70), .shipped(700)]
        for name in names { #expect(SegmentName(name.text) == name) }
        let others = [
            "", "lock", "00000000000000000000.json", "0000000000000000001.json", "00000000000000000001.jso",
            "+0000000000000000001.json", "00000000000000000001-1.lines", "00000000000000000001-.lines",
            "00000000000000000001.lines", "99999999999999999999.json", "00000000000000000001.json ",
        ]
        for other in others { #expect(SegmentName(other) == nil, "\(other)") }
    }

    @Test("a compressed file is one frame that gives back what was written, however it came", arguments: [1, 3])
    func frame(level: Int32) throws {
        var random = SeededGenerator(seed: 7)
        var writer = try ZstdWriter(level: level)
        var raw: [UInt8] = []
        var output = ByteBuffer()
        for _ in 0..<60 {
            let count = Int.random(in: 0...40_000, using: &random)
            let piece = SampleLine.buffer((0..<count / 80).map { "\($0 &* 7)" })
            raw += piece.readableBytesView
            try writer.write(piece.readableBytesSpan, into: &output)
        }
        try writer.finish(into: &output)
        let bytes = Array(output.readableBytesView)
        #expect(try Decompressor.decompress(bytes, from: .zstd, bytesMax: 1 << 30) == raw)
        #expect(bytes.count < raw.count / 4)
        // The magic number of a frame stands at its begin only, and the flag for the checksum is set.
        #expect(Array(bytes.prefix(4)) == [0x28, 0xb5, 0x2f, 0xfd])
        #expect(bytes[4] & 0x04 != 0)
    }

    @Test("days are those of the calendar", arguments: 1...3 as ClosedRange<UInt64>)
    func days(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for _ in 0..<1_000 {
            let days = Int64.random(in: -30_000...200_000, using: &random)
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let text = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(CalendarDay.text(days) == text, "seed \(seed)")
        }
        #expect(LineFacts.day(of: -1) == -1)
        #expect(LineFacts.day(of: 0) == 0)
        #expect(LineFacts.day(of: LineFacts.dayMicroseconds - 1) == 0)
    }

    @Test("what lines say of themselves is what a slower reader finds", arguments: 1...4 as ClosedRange<UInt64>)
    func facts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var text = ""
            var received: [Int64] = []
            var days: [Int64] = []
            let lines = Int.random(in: 0...20, using: &random)
            for _ in 0..<lines {
                let occurred = Int64.random(in: -86_400_000_000...2_000_000_000_000_000, using: &random)
                let time = Int64.random(in: 0...2_000_000_000_000_000, using: &random)
                let source = ["a", "\"\"", "\"a,\"\"b\"\",,\"", "\",\""].randomElement(using: &random) ?? ""
                text += "-1,2,-3,\(source),id,type,\(occurred),\(time),c,t,m,u,a,,,,,,\n"
                received.append(time)
                days.append(Int64((Double(occurred) / 86_400_000_000).rounded(.down)))
            }
            var facts = LineFacts()
            let bytes = Array(text.utf8)
            facts.add(bytes.span)
            #expect(facts.lines == lines, "seed \(seed)")
            #expect(facts.bytes == text.utf8.count, "seed \(seed)")
            #expect(facts.received?.lowerBound == received.min(), "seed \(seed)")
            #expect(facts.received?.upperBound == received.max(), "seed \(seed)")
            #expect(facts.occurredDays?.lowerBound == days.min(), "seed \(seed)")
            #expect(facts.occurredDays?.upperBound == days.max(), "seed \(seed)")
        }
    }

    @Test("lines that are not as they should be are counted and no harm", arguments: 1...4 as ClosedRange<UInt64>)
    func factsFuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let line = Array(SampleLine.text("id").utf8)
        for _ in 0..<2_000 {
            var text = line + line + line
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                let bytes: [UInt8] = Array("\n,\"-0199".utf8)
                text[place] = bytes.randomElement(using: &random) ?? 0
            }
            var facts = LineFacts()
            facts.add(text.span)
            #expect(facts.lines == text.filter { $0 == UInt8(ascii: "\n") }.count, "seed \(seed)")
            #expect(facts.bytes == text.count, "seed \(seed)")
        }
    }
}
