import Metering
import NIOCore
import Testing
import VitrineTesting

@testable import Metering

@Suite("Reading the parts of a segment")
struct SegmentReadingTests {
    /// The bytes of a part of five groups.
    private func written() -> [UInt8] {
        var bytes = PartHeader.encoded(number: 7, part: 1)
        for group in 0..<5 {
            let lines = lines(of: group)
            let header = GroupHeader(
                number: 7,
                index: UInt32(group),
                lines: UInt32(group + 1),
                linesBytes: UInt32(lines.readableBytes),
                checksum: CRC32C.checksum(of: lines.readableBytesUInt8Span)
            )
            bytes.writeImmutableBuffer(header.encoded)
            bytes.writeImmutableBuffer(lines)
        }
        return Array(bytes.readableBytesView)
    }

    private func lines(of group: Int) -> ByteBuffer { SampleLine.buffer((0...group).map { "\(group).\($0)" }) }

    /// What is read of a part; `nil` if it is damaged.
    private func read(
        _ bytes: [UInt8],
        end: Int? = nil,
        salvages: Bool = false
    ) throws -> (groups: [ByteBuffer], reading: SegmentReading)? {
        let files = MemoryFiles([SegmentName.part(7, 1).text: bytes])
        let home = NodeFolder(node: "node-a", in: "/nowhere", files: { _ in files })
        let part = ClosedSegment.Part(part: 1, end: end)
        var reading = SegmentReading(
            ClosedSegment(home: home, number: 7, parts: [part], bytes: bytes.count),
            salvages: salvages
        )
        var groups: [ByteBuffer] = []
        do throws(MeteringError) {
            while let lines = try reading.lines() { groups.append(lines) }
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
        return (groups, reading)
    }

    @Test("gives the groups as they were written, up to a torn end")
    func whole() throws {
        let bytes = written()
        let all = (0..<5).map(lines(of:))
        #expect(try read(bytes)?.groups == all)
        for cut in bytes.indices {
            let found = try #require(try read(Array(bytes.prefix(cut))), "cut at \(cut)")
            #expect(found.groups == Array(all.prefix(found.groups.count)), "cut at \(cut)")
            let whole = found.groups.reduce(0) { $0 + 32 + $1.readableBytes }
            #expect(found.reading.bytesCut == (cut < 32 ? cut : cut - 32 - whole), "cut at \(cut)")
        }
    }

    @Test("takes nothing for torn that was acknowledged")
    func acknowledged() throws {
        let bytes = written()
        #expect(try read(bytes, end: bytes.count)?.groups.count == 5)
        for cut in stride(from: 0, to: bytes.count, by: 11) {
            #expect(try read(Array(bytes.prefix(cut)), end: bytes.count) == nil, "cut at \(cut)")
        }
        // What comes behind the acknowledged end is not looked at.
        let junk = bytes + [UInt8](repeating: 7, count: 50)
        #expect(try read(junk, end: bytes.count)?.groups.count == 5)
    }

    @Test("finds every changed bit: damage, or an end that may be torn")
    func changed() throws {
        let bytes = written()
        let last = bytes.count - 32 - lines(of: 4).readableBytes
        let all = (0..<5).map(lines(of:))
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                let found = try read(changed)
                if place >= last {
                    #expect(found?.groups == Array(all.prefix(4)), "bit \(bit) of \(place)")
                } else {
                    #expect(found == nil, "bit \(bit) of \(place)")
                    let salvaged = try #require(try read(changed, salvages: true))
                    #expect(salvaged.groups.count >= 4 && salvaged.reading.groupsLost == 1)
                }
            }
        }
    }

    @Test("gives only groups that were written, whatever becomes of the file", arguments: 1...4 as ClosedRange<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = written()
        let known = (0..<5).map(lines(of:))
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...mutated.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: mutated.insert(contentsOf: random.bytes(3), at: place)
                case 1: mutated.removeSubrange(place..<min(mutated.count, place + 40))
                case 2: mutated.insert(contentsOf: mutated[..<place].suffix(500), at: place)
                case 3: mutated += [UInt8](repeating: 0, count: 100)
                default: if place < mutated.count { mutated[place] ^= UInt8.random(in: 1...255, using: &random) }
                }
            }
            let salvages = Bool.random(using: &random)
            guard let found = try read(mutated, salvages: salvages) else {
                #expect(!salvages, "seed \(seed)")
                continue
            }
            // In their order, none twice.
            let places = found.groups.map { group in known.firstIndex(of: group) ?? -1 }
            #expect(places == Array(Set(places)).sorted() && !places.contains(-1), "seed \(seed)")
        }
    }
}
