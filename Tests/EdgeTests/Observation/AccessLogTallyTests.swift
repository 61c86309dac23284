import NIOCore
import Testing
import VitrineTesting

@testable import Edge

@Suite("Reading the access log again")
struct AccessLogTallyTests {
    private static func line(
        _ time: Int64,
        _ status: Int,
        _ bytes: Int,
        _ method: String,
        _ target: String
    ) -> AccessLine {
        var line = AccessLine(nowMilliseconds: time, address: "2001:db8::7", status: status, bytes: bytes)
        line.method = method
        line.target = target
        line.host = "h"
        line.agent = "Browser \"1\" [x] \\"
        return line
    }

    private static func tally(_ text: String) -> AccessLogTally {
        var tally = AccessLogTally()
        tally.add(Array(text.utf8))
        tally.finish()
        return tally
    }

    @Test("what was written is read, in pieces of any size, among other lines", arguments: 0..<6)
    func written(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let targets = [
            "/img/s/w:1/plain/x", "/img/unsafe/plain/x", "/img/a", "//img//s/x/y", "/imgs/x", "/",
            "/img/s/\u{1}\"\\[]/z?q", "/info/s/x", String(repeating: "/", count: 1_020) + "img/x/y",
        ]
        let noise = [
            "", "plain words", "{\"ts\":\"2026-11-21T00:00:00Z\",\"logger\":\"vitrine.edge\",\"msg\":\"request\"}",
            "warning: [x] \"y\" z",
        ]
        var text: [UInt8] = []
        var expected: [AccessLogTally.Key: AccessLogTally.Sum] = [:]
        var lines = 0
        for _ in 0..<800 {
            if Int.random(in: 0..<8, using: &random) == 0 {
                text += Array((noise.randomElement(using: &random) ?? "").utf8) + [10]
                continue
            }
            let time = EdgeRig.start + Int64.random(in: -90_000_000...90_000_000, using: &random)
            let status = [200, 206, 304, 404, 500, 0, 204].randomElement(using: &random) ?? 0
            let bytes = Int.random(in: 0..<1 << 45, using: &random)
            let method = ["GET", "HEAD", "POST", "get"].randomElement(using: &random) ?? ""
            let target = targets.randomElement(using: &random) ?? ""
            var buffer = ByteBuffer()
            let format = Bool.random(using: &random) ? AccessLogFormat.json : .combined
            Self.line(time, status, bytes, method, target).write(as: format, to: &buffer)
            text += Array(buffer.readableBytesView)
            lines += 1
            let isDelivery = ["GET", "HEAD"].contains(method) && [200, 206, 304].contains(status)
            guard isDelivery, PictureTarget.isPicture(target.utf8) else { continue }
            let day = time < EdgeRig.start ? time < EdgeRig.start - 86_400_000 ? 19 : 20 : 21
            let last = time >= EdgeRig.start + 86_400_000 ? 22 : day
            let key = AccessLogTally.Key(day: "2026-11-\(last)", status: status)
            expected[key, default: .init()] += .init(requests: 1, bytes: bytes)
        }
        var tally = AccessLogTally()
        var rest = text[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1..<700, using: &random))
            tally.add(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        tally.finish()
        #expect(tally.sums == expected, "seed \(seed)")
        #expect(tally.lines == lines && tally.unreadable == 0, "seed \(seed)")
        #expect(expected.count >= 6)
    }

    @Test("a redacted target is a picture's exactly when the target was")
    func redaction() {
        var random = SeededGenerator(seed: 3)
        let pieces = ["/", "/", "img", "img/", "im", "g", "unsafe", "?", "x", "info", "é", "/img/"]
        for _ in 0..<20_000 {
            let target = (0..<Int.random(in: 0..<7, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let redacted = AccessLine.redacted(target)
            #expect(
                PictureTarget.isPicture(target.utf8) == PictureTarget.isPicture(redacted.utf8),
                "\(target)"
            )
        }
    }

    @Test("days are those of UTC, whatever the zone of the log")
    func zones() {
        let log = """
            1.2.3.4 - - [01/Jan/2027:00:30:00 +0100] "GET /img/s/x HTTP/1.1" 200 7 "-" "-"
            1.2.3.4 - ann [31/Dec/2026:23:30:00 -0100] "HEAD /img/s/x HTTP/1.0" 304 - "-" "-"
            1.2.3.4 - - [29/Feb/2028:12:00:00 +0000] "GET /img/s/x HTTP/1.1" 206 1 "-" "-"\r

            """
        let sums = Self.tally(log).sums
        #expect(sums[.init(day: "2026-12-31", status: 200)] == .init(requests: 1, bytes: 7))
        #expect(sums[.init(day: "2027-01-01", status: 304)] == .init(requests: 1))
        #expect(sums[.init(day: "2028-02-29", status: 206)] == .init(requests: 1, bytes: 1))
        #expect(sums.count == 3)
    }

    @Test("a line that cannot be read is counted, not passed over in silence")
    func unreadable() {
        let long = String(repeating: "x", count: AccessLogTally.lineBytesMax + 1)
        let log = """
            {"ts":"2026-11-21T00:00:00Z","logger":"vitrine.http","msg":"request","metadata":{"bytes":"1"}}
            {"ts":"2026-11
            1.2.3.4 - - [41/Nov/2026:00:00:00 +0000] "GET /img/s/x HTTP/1.1" 200 7 "-" "-"
            1.2.3.4 - - [21/Nov/2026:00:00:00 +0000] "GET /img/s/x HTTP/1.1" 200
            1.2.3.4 - - [21/Nov/2026:00:00:00 +0000] "GET /img/s/x
            \(long)
            1.2.3.4 - - [21/Nov/2026:00:00:00 +0000] "GET /img/s/x HTTP/1.1" 200 7 "-" "-"
            """
        let tally = Self.tally(log)
        #expect(tally.unreadable == 6)
        #expect(tally.sums == [.init(day: "2026-11-21", status: 200): .init(requests: 1, bytes: 7)])
    }

    @Test("whatever is in a log, nothing but counting happens")
    func fuzz() {
        var random = SeededGenerator(seed: 9)
        var buffer = ByteBuffer()
        for format in AccessLogFormat.allCases {
            Self.line(EdgeRig.start, 200, 10, "GET", "/img/s/x").write(as: format, to: &buffer)
        }
        let original = Array(buffer.readableBytesView)
        for _ in 0..<5_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1..<6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            var tally = AccessLogTally()
            tally.add(bytes)
            tally.finish()
            #expect(tally.sums.values.allSatisfy { $0.requests <= 2 })
            #expect(tally.lines + tally.unreadable <= 10)
        }
    }
}
