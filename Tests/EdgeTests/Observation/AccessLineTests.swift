import FoundationEssentials
import HTTPSemantics
import NIOCore
import NIOPosix
import Testing
import VitrineTesting

@testable import Edge

@Suite("A line of the access log")
struct AccessLineTests {
    private static func line(_ change: (inout AccessLine) -> Void = { _ in }) -> AccessLine {
        var line = AccessLine(nowMilliseconds: EdgeRig.start + 123, address: "192.0.2.7", status: 200, bytes: 5_120)
        line.method = "GET"
        line.target = "/a/b.png"
        line.host = "pictures.example:8080"
        line.outcome = .miss
        line.microseconds = 12_345
        line.cacheStatus = "vitrine; fwd=uri-miss; stored; ttl=60"
        line.traceID = "0af7651916cd43dd8448eb211c80319c"
        line.referer = "http://example.com/"
        line.agent = "Browser/1.0 (x; y)"
        change(&line)
        return line
    }

    private static func text(_ line: AccessLine, _ format: AccessLogFormat) -> String {
        var buffer = ByteBuffer()
        line.write(as: format, to: &buffer)
        return String(buffer: buffer)
    }

    private static var samples: [AccessLine] {
        [
            line(),
            line { $0.target = "/img/c2VjcmV0/w:100/original://a.jpg?token=secret" },
            line { $0.target = "/img/unsafe/w:100/original://a.jpg" },
            line { line in
                line.method = "PO\"ST"
                line.agent = "bad \" \\ \u{1b}[31m\r\nevil\u{85}\u{9b}"
                line.isVersion11 = false
                line.traceID = ""
                line.cacheStatus = ""
                line.outcome = .failed
            },
        ]
    }

    @Test("both forms are as docs/formats/access-log.md says", arguments: AccessLogFormat.allCases)
    func golden(format: AccessLogFormat) throws {
        let text = Self.samples.map { Self.text($0, format) }.joined()
        try Golden.expect(text, format == .json ? "access-log.jsonl" : "access-log.txt")
    }

    @Test("signatures and query strings are not written", arguments: AccessLogFormat.allCases)
    func redacts(format: AccessLogFormat) {
        let targets = [
            "/img/SECRET/w:1/x", "//img//SECRET/w:1/x", "/info/SECRET/w:1/x", "/x?SECRET", "/img/unsafe/w:1/x?SECRET",
            "/x?\u{301}SECRET", "/img/\u{301}SECRET/w:1/x", "/?SECRET", "?SECRET", "/img/SECRET/w:1/x?SECRET#SECRET",
        ]
        for target in targets {
            let text = Self.text(Self.line { $0.target = target }, format)
            #expect(!text.contains("SECRET"), "\(text)")
        }
        #expect(Self.text(Self.line { $0.target = "/img/unsafe/w:1/x" }, format).contains("/img/unsafe/w:1/x"))
    }

    private struct Line: Decodable {
        var ts: String
        var metadata: [String: String]
    }

    @Test("whatever is asked for, a line is one line, and what was said can be read back", arguments: 0..<4)
    func injection(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "\"", "\\", "\n", "\r", "\u{0}", "\u{7f}", "\u{85}", "\u{2028}", "a", "ä", "{", "}", ",", " ", "\t",
        ]
        func anyText() -> String {
            (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
        }
        for _ in 0..<1_500 {
            let (method, host, agent) = (anyText(), anyText(), anyText())
            let line = Self.line { line in
                line.method = method
                line.host = host
                line.target = "/" + agent.filter { $0 != "/" }
                line.agent = agent
                line.referer = host
                line.cacheStatus = agent
            }
            for format in AccessLogFormat.allCases {
                let text = Self.text(line, format)
                let controls = text.unicodeScalars.filter { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
                #expect(controls.count == 1 && text.unicodeScalars.last == "\n", "seed \(seed): \(text)")
                guard format == .json else { continue }
                let decoded = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
                #expect(decoded.metadata["method"] == method && decoded.metadata["host"] == host)
            }
            let combined = Self.text(line, .combined)
            #expect(Self.quotes(combined) == 6, "seed \(seed): \(combined)")
        }
    }

    /// Quotation marks without a backslash before them.
    private static func quotes(_ text: String) -> Int {
        var count = 0
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == "\"", !isEscaped { count += 1 }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return count
    }

    @Test("the date is that of the Common Log Format")
    func date() {
        #expect(CombinedLogDate.text(milliseconds: 971_186_136_000) == "10/Oct/2000:13:55:36 +0000")
    }

    @Test("lines are written in order, together, and dropped rather than kept without end")
    func log() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let written = Count()
        let entered = Latch()
        let log = AccessLog(format: .combined, threads: threads) { bytes in
            entered.open()
            written.add(bytes.count)
        }
        for _ in 0..<100 { log.append { $0.writeStaticString("line\n") } }
        await entered.wait()
        await until { written.value == 500 }
        #expect(log.droppedLines == 0)
        try await threads.shutdownGracefully()
        let stopped = AccessLog(format: .combined, threads: threads) { _ in }
        let large = ByteBuffer(repeating: 65, count: 1_024 * 1_024)
        for _ in 0..<10 { stopped.append { $0.writeImmutableBuffer(large) } }
        #expect(stopped.droppedLines == 0 || stopped.droppedLines == 2)
    }
}
