import Foundation
import Logging
import Telemetry
import Testing

@Suite("Text log lines")
struct TextLogHandlerTests {
    private static func line(_ message: String, _ metadata: Logger.Metadata, limits: LogLimits = LogLimits()) -> String
    {
        let handler = TextLogHandler(
            label: "vitrine.test",
            output: LogOutput { _ in },
            clock: WallClock { 0 },
            limits: limits
        )
        let event = LogEvent(
            level: .warning,
            message: "\(message)",
            metadata: metadata,
            source: nil,
            file: "Tests/file.swift",
            function: "function",
            line: 1
        )
        return String(decoding: handler.line(for: event), as: UTF8.self)
    }

    @Test("a line is readable: time, level, logger, message, sorted fields")
    func readable() {
        let line = Self.line("two words", ["b": "x y", "a": .stringConvertible(3), "c": ["1", "2"], "d": ""])
        #expect(
            line == "1970-01-01T00:00:00.000Z warning  vitrine.test: two words a=3 b=\"x y\" c=[\"1\",\"2\"] d=\"\"\n"
        )
    }

    @Test("neither a newline nor an escape sequence reaches the terminal")
    func harmless() {
        let line = Self.line("a\nb\u{1B}[2J\u{9B}31m", ["k\r": "v\u{7}"])
        #expect(line.hasSuffix("a\\nb\\u001b[2J\\u009b31m k\\r=\"v\\u0007\"\n"))
    }

    @Test("a line that would be too long is cut and ends with an ellipsis")
    func bounded() {
        let limits = LogLimits(lineBytesMax: 200, stringBytesMax: 100, depthMax: 2)
        let line = Self.line(
            "m",
            ["a": "\(String(repeating: "é", count: 500))", "b": "\(String(repeating: "é", count: 500))"],
            limits: limits
        )
        #expect(line.utf8.count <= 200)
        #expect(line.hasSuffix(" …\n"))
    }

    @Test("the flag's words choose the format")
    func format() {
        let output = LogOutput { _ in }
        #expect(LogFormat(rawValue: "json")?.handler(label: "x", output: output) is JSONLogHandler)
        #expect(LogFormat(rawValue: "text")?.handler(label: "x", output: output) is TextLogHandler)
        #expect(LogFormat(rawValue: "xml") == nil)
    }
}
