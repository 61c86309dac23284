import DeliveryTypes
import Foundation
import Testing

@testable import Rendering

@Suite struct FrameTests {
    private let limits = FrameLimits(headerMax: 1_000, bodyMax: 10_000)

    private func frame(_ kind: FramePrefix.Kind, header: [UInt8], body: [UInt8]) -> [UInt8] {
        FramePrefix(kind: kind, headerCount: header.count, bodyCount: body.count).bytes + header + body
    }

    @Test("the prefix is what the format page says")
    func golden() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Goldens/render-worker.txt")
        let prefixes = [
            FramePrefix(kind: .setup, headerCount: 300, bodyCount: 0),
            FramePrefix(kind: .ready, headerCount: 1, bodyCount: 0),
            FramePrefix(kind: .job, headerCount: 0x0102_0304, bodyCount: 0),
            FramePrefix(kind: .reply, headerCount: 65_535, bodyCount: 0xFFFF_FFFF),
        ]
        let lines = prefixes.map { $0.bytes.map { String(format: "%02x", $0) }.joined(separator: " ") + "\n" }.joined()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try lines.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == lines)
        for prefix in prefixes {
            let all = FrameLimits(headerMax: .max, bodyMax: .max)
            #expect(try FramePrefix(prefix.bytes, limits: all) == prefix)
        }
    }

    @Test("a prefix with a wrong byte or size is refused")
    func malformed() {
        let good = FramePrefix(kind: .reply, headerCount: 1_000, bodyCount: 10_000).bytes
        for index in 0..<8 {
            var bytes = good
            bytes[index] ^= 0x80
            #expect(throws: FrameError.malformed) { try FramePrefix(bytes, limits: limits) }
        }
        #expect(throws: FrameError.malformed) { try FramePrefix(good.dropLast(), limits: limits) }
        for index in [8, 12] {
            var bytes = good
            bytes[index] += 1
            #expect(throws: FrameError.tooLarge) { try FramePrefix(bytes, limits: limits) }
        }
    }

    @Test("messages come out whole however they are cut", arguments: 1...40)
    func anyCut(length: Int) throws {
        let messages = [
            FrameAssembler.Frame(kind: .ready, header: [1, 2, 3], body: []),
            FrameAssembler.Frame(kind: .reply, header: [], body: []),
            FrameAssembler.Frame(kind: .reply, header: Array(0..<50), body: Array(0..<99)),
        ]
        let stream = messages.flatMap { frame($0.kind, header: $0.header, body: $0.body) }
        var assembler = FrameAssembler(limits: limits)
        var found: [FrameAssembler.Frame] = []
        for start in stride(from: 0, to: stream.count, by: length) {
            found += try assembler.append(stream[start..<min(start + length, stream.count)])
        }
        #expect(found == messages)
    }

    @Test("any bytes give messages or an error, never more than was sent", arguments: 0..<50 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var stream = (0..<20).flatMap { number in
            frame(.reply, header: [UInt8](repeating: 7, count: number), body: [UInt8](repeating: 8, count: number * 3))
        }
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            stream[Int.random(in: 0..<stream.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        var assembler = FrameAssembler(limits: limits)
        var total = 0
        var rest = stream[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...64, using: &random))
            rest = rest.dropFirst(part.count)
            guard let frames = try? assembler.append(part) else { break }
            for frame in frames { total += FramePrefix.length + frame.header.count + frame.body.count }
        }
        #expect(total <= stream.count)
    }
}
