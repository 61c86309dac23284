import NIOCore
import Testing
import VitrineTesting

@testable import Edge

@Suite("The trace of a hit")
struct TraceBytesTests {
    private static func written(_ lines: String, _ random: inout UInt64) throws -> String {
        try Sample.withHead("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n") { head, bytes in
            var buffer = ByteBuffer()
            TraceBytes.write(head, bytes, &random, to: &buffer)
            return String(buffer: buffer)
        }
    }

    /// Version 00, ids that are not zero, flags 00 or 01, in lower case.
    private static func isValid(_ line: String) -> Bool {
        let parts = line.dropFirst("traceparent: ".count).dropLast().split(separator: "-")
        guard line.hasPrefix("traceparent: "), line.hasSuffix("\r\n"), parts.count == 4, parts[0] == "00",
            parts[1].count == 32, parts[2].count == 16, parts[3] == "00" || parts[3] == "01"
        else { return false }
        return parts.allSatisfy { $0.allSatisfy { "0123456789abcdef".contains($0) } }
            && parts[1].contains { $0 != "0" } && parts[2].contains { $0 != "0" }
    }

    @Test("without a trace a new one begins, another each time")
    func begins() throws {
        var random: UInt64 = 0
        var seen: Set<String> = []
        for _ in 0..<500 {
            let line = try Self.written("", &random)
            #expect(Self.isValid(line) && line.hasSuffix("-00\r\n"))
            seen.insert(line)
        }
        #expect(seen.count == 500)
    }

    @Test("a valid trace goes on with a span of our own", arguments: ["00", "01"])
    func goesOn(flags: String) throws {
        var random: UInt64 = 1
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let line = try Self.written("traceparent: 00-\(trace)-b7ad6b7169203331-\(flags)\r\n", &random)
        #expect(Self.isValid(line))
        #expect(line.hasPrefix("traceparent: 00-\(trace)-") && line.hasSuffix("-\(flags)\r\n"))
        #expect(!line.contains("b7ad6b7169203331"))
    }

    @Test("a broken trace is replaced")
    func broken() throws {
        var random: UInt64 = 1
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        var broken = [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", good.uppercased(), "01" + good.dropFirst(2),
            good + "-x", String(good.dropLast()), "",
        ]
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            var bytes = Array(good.utf8)
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] = UInt8.random(in: 0x21...0x7E, using: &generator)
            let text = String(decoding: bytes, as: UTF8.self)
            if !Self.isValid("traceparent: \(text)\r\n"), text.prefix(3) == "00-", place < 53 { broken.append(text) }
        }
        for text in broken {
            let line = try Self.written("traceparent: \(text)\r\n", &random)
            #expect(Self.isValid(line), "\(text) gave \(line)")
            #expect(!line.contains("0af7651916cd43dd8448eb211c80319c"), "\(text)")
        }
        let twice = try Self.written("traceparent: \(good)\r\ntraceparent: \(good)\r\n", &random)
        #expect(Self.isValid(twice) && !twice.contains("0af7651916cd43dd8448eb211c80319c"))
    }
}
