import Foundation
import Glibc
import Logging
import Synchronization
import Telemetry
import Testing

@Suite("JSON log lines")
struct JSONLogHandlerTests {
    private struct Odd: Error {}

    private static func handler(limits: LogLimits = LogLimits()) -> JSONLogHandler {
        JSONLogHandler(
            label: "vitrine.test",
            output: LogOutput { _ in },
            clock: WallClock { 1_795_247_574_123_456_789 },
            limits: limits
        )
    }

    private static func event(
        _ message: String,
        _ metadata: Logger.Metadata? = nil,
        error: (any Error)? = nil
    ) -> LogEvent {
        LogEvent(
            level: .info,
            message: "\(message)",
            error: error,
            metadata: metadata,
            source: "Tests",
            file: "file",
            function: "function",
            line: 1
        )
    }

    private static func object(_ line: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    @Test("lines look as the format page shows them")
    func golden() throws {
        var handler = Self.handler()
        handler.metadata = ["role": "origin"]
        let trace: Logger.Metadata = ["trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7"]
        handler.metadataProvider = Logger.MetadataProvider { trace }
        let events = [
            Self.event("listening", ["address": "127.0.0.1:8080"]),
            Self.event(
                "nested",
                [
                    "sizes": [["w": "1", "h": "2"], "three"], "n": .stringConvertible(7),
                    "ok": .stringConvertible(true), "s": .stringConvertible(2.5), "x": .stringConvertible(Double.nan),
                ]
            ),
            Self.event("say \"hi\"\n\u{1B}[31m \\ \u{2028}\u{7F}\u{85}\u{0} é 🖼", ["k\"ey": "v\tal"]),
            Self.event("failed", error: Odd()),
        ]
        let text = events.map { String(decoding: handler.line(for: $0), as: UTF8.self) }.joined()
        try GoldenFile("log-lines.jsonl").expect(text)
    }

    @Test("what was logged comes back out of the JSON")
    func roundTrip() throws {
        let nasty = (0..<0x20).map { String(Unicode.Scalar($0)) }.joined() + "\"\\/\u{7F}\u{9F}\u{2028}\u{2029}é𝄞"
        let object = try Self.object(Self.handler().line(for: Self.event(nasty, ["list": ["\(nasty)", ["a": "b"]]])))
        #expect(object["msg"] as? String == nasty)
        let metadata = try #require(object["metadata"] as? [String: Any])
        let list = try #require(metadata["list"] as? [Any])
        #expect(list.first as? String == nasty)
        #expect(list.last as? [String: String] == ["a": "b"])
    }

    @Test("bytes that are not UTF-8 become replacement characters, and the line stays whole")
    func invalidUTF8() throws {
        let repaired = String(decoding: [0x61, 0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0x62] as [UInt8], as: UTF8.self)
        let line = Self.handler().line(for: Self.event(repaired))
        #expect(String(validating: line, as: UTF8.self) != nil)
        #expect(try Self.object(line)["msg"] as? String == repaired)
    }

    @Test("the nearest source of a metadata key wins: event, provider, handler")
    func precedence() throws {
        var handler = Self.handler()
        handler.metadata = ["a": "handler", "b": "handler", "c": "handler"]
        handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        let object = try Self.object(handler.line(for: Self.event("", ["a": "event"])))
        #expect(object["metadata"] as? [String: String] == ["a": "event", "b": "provider", "c": "handler"])
    }

    @Test("a line that would be too long loses metadata and says so")
    func bounded() throws {
        let limits = LogLimits(lineBytesMax: 512, stringBytesMax: 200, depthMax: 6)
        let long = String(repeating: "\u{1}é", count: 10_000)
        let metadata: Logger.Metadata = ["a": "kept", "b": "\(long)", "c": "\(long)", "z": "kept"]
        let line = Self.handler(limits: limits).line(for: Self.event("message", metadata))
        #expect(line.count <= 512)
        let object = try Self.object(line)
        #expect(object["truncated"] as? Bool == true)
        let kept = try #require(object["metadata"] as? [String: String])
        #expect(kept["a"] == "kept" && kept["z"] == "kept" && kept["c"] == nil)
    }

    @Test("metadata that nests without end is cut")
    func depth() throws {
        var value: Logger.MetadataValue = "bottom"
        for _ in 0..<10_000 { value = ["deeper": value] }
        let line = Self.handler().line(for: Self.event("deep", ["root": value]))
        #expect(line.count < 400)
        #expect(!String(decoding: line, as: UTF8.self).contains("bottom"))
        _ = try Self.object(line)
    }

    @Test("any text in any place gives one valid line within the limit", arguments: UInt64(1)...8)
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let limits = LogLimits(lineBytesMax: 300, stringBytesMax: 90, depthMax: 3)
        let handler = Self.handler(limits: limits)
        for _ in 0..<100 {
            let metadata = Logger.Metadata(
                (0..<4).map { _ in (Self.text(&generator), Self.value(&generator, depth: 0)) },
                uniquingKeysWith: { first, _ in first }
            )
            let line = handler.line(for: Self.event(Self.text(&generator), metadata))
            #expect(line.count <= 300 && line.last == UInt8(ascii: "\n"))
            #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            let object = try Self.object(line)
            #expect(object["ts"] as? String == "2026-11-21T07:52:54.123Z", "seed \(seed)")
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int) -> Logger.MetadataValue {
        switch Int.random(in: 0...(depth < 5 ? 3 : 1), using: &generator) {
        case 0: return .string(text(&generator))
        case 1: return .stringConvertible(Int.random(in: 0...9, using: &generator))
        case 2: return .array((0..<3).map { _ in value(&generator, depth: depth + 1) })
        default: return .dictionary([text(&generator): value(&generator, depth: depth + 1)])
        }
    }

    @Test("a line leaves in one write")
    func oneWrite() throws {
        let pair = try PacketPair()
        var logger = Logger(label: "vitrine.test") { label in
            JSONLogHandler(label: label, output: .descriptor(pair.writer))
        }
        logger.logLevel = .debug
        logger.debug("first", metadata: ["k": "v"])
        logger.info("second \(String(repeating: "x", count: 20_000))")
        let packets = [pair.receive(), pair.receive()]
        #expect(packets.allSatisfy { $0.last == UInt8(ascii: "\n") && $0.count <= 4096 })
        #expect(try packets.map { try Self.object($0)["level"] as? String } == ["debug", "info"])
    }

    @Test("a closed descriptor drops the line and nothing else happens")
    func closedOutput() {
        LogOutput.descriptor(-1).emit(Array("lost\n".utf8))
    }

    @Test("a line inside a traced task carries the trace")
    func currentTrace() throws {
        let trace = try #require(
            TraceContext(traceparent: ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
        )
        let lines = Mutex<[[UInt8]]>([])
        let logger = Logger(label: "vitrine.test") { label in
            var handler = JSONLogHandler(
                label: label,
                output: LogOutput { line in lines.withLock { $0.append(line) } }
            )
            handler.metadataProvider = .currentTrace
            return handler
        }
        TraceContext.$current.withValue(trace) { logger.info("inside") }
        logger.info("outside")
        let objects = try lines.withLock { $0 }.map(Self.object)
        #expect(objects.first?["trace_id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(objects.first?["span_id"] as? String == "00f067aa0ba902b7")
        #expect(objects.last?["trace_id"] == nil)
    }
}
