import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Edge

@Suite("Deliveries are counted as the access log says", .timeLimit(.minutes(2)))
struct DeliveryCountingTests {
    private static let fields: HTTPFields = [
        .cacheControl: "max-age=60", .contentType: "image/webp", .eTag: "\"1\"",
        .lastModified: "Fri, 20 Nov 2026 00:00:00 GMT",
    ]
    private static let script: ScriptedOrigin.Script = { request, _, sink throws(EdgeFailure) in
        let path = request.path ?? ""
        if path.contains("missing") {
            try await sink.answer(404, [.cacheControl: "max-age=60"], "nothing")
        } else if path.contains("uncached") {
            try await sink.answer(200, [.cacheControl: "no-store"], "no picture is like another")
        } else {
            try await sink.answer(200, Self.fields, String(repeating: "picture ", count: 900))
        }
    }

    private static let picture = "/img/sig/w:100/plain/http://h/a.jpg"
    private static let targets = [
        picture, "/img/other/w:200/plain/http://h/a.jpg", "/img/sig/w:100/plain/http://h/b.jpg",
        "/img/sig/w:100/plain/http://h/missing.jpg", "/img/sig/w:100/plain/http://h/uncached.jpg", "/img/logo.png",
        "//img/sig/w:100/plain/http://h/a.jpg", "/other", "/images/a.jpg", "/img", "/info/sig/plain/http://h/a.jpg",
    ]

    private static func requests(of target: String) -> [String] {
        let line = "\(target) HTTP/1.1\r\nHost: a\r\n"
        return [
            "GET \(line)\r\n", "HEAD \(line)\r\n", "GET \(line)If-None-Match: \"1\"\r\n\r\n",
            "GET \(line)Range: bytes=2-4\r\n\r\n", "GET \(line)Range: bytes=0-1,4-5\r\n\r\n",
            "GET \(line)Range: bytes=99999-\r\n\r\n", "GET \(line)CDN-Loop: vitrine; node=\"b\"\r\n\r\n",
            "GET \(line)Cache-Control: no-cache\r\n\r\n", "DELETE \(line)\r\n",
        ]
    }

    /// Everything three times: fetched, from memory, and on the event loop; the rows and the log's text.
    private static func run(
        hasShortcut: Bool,
        _ format: AccessLogFormat
    ) async throws -> (rows: [DeliveryCounter.Row], log: [UInt8], hits: Int) {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let log = Mutex<[UInt8]>([])
        let lines = Count()
        var options = EdgeRig.Options()
        options.hasShortcut = hasShortcut
        options.log = AccessLog(format: format, threads: threads) { bytes in
            log.withLock { $0 += bytes }
            lines.add(bytes.count { $0 == UInt8(ascii: "\n") })
        }
        let counter = DeliveryCounter()
        options.deliveries = counter
        let sent = Count()
        let hits = Count()
        try await EdgeRig.run(options, script: script) { rig in
            for _ in 0..<3 {
                for target in targets {
                    for request in requests(of: target) {
                        let client = try await rig.connect()
                        _ = try await client.exchange(request)
                        await client.close()
                        sent.add()
                    }
                }
            }
            await until { lines.value == sent.value }
            hits.add(rig.parts.metrics.requests(.hit))
        }
        try await threads.shutdownGracefully()
        return (counter.take(), log.withLock { $0 }, hits.value)
    }

    @Test(
        "to the last request and byte, on both paths and in both forms of the log",
        arguments: [true, false],
        AccessLogFormat.allCases
    )
    func agrees(hasShortcut: Bool, format: AccessLogFormat) async throws {
        let (rows, log, hits) = try await Self.run(hasShortcut: hasShortcut, format)
        #expect(hasShortcut ? hits > 50 : hits == 0)
        var tally = AccessLogTally()
        tally.add(log)
        tally.finish()
        #expect(tally.lines == 3 * Self.targets.count * 9 && tally.unreadable == 0)
        var counted: [AccessLogTally.Key: AccessLogTally.Sum] = [:]
        for row in rows {
            let key = AccessLogTally.Key(day: "2026-11-21", status: Int(row.key.status))
            counted[key, default: AccessLogTally.Sum()] += AccessLogTally.Sum(
                requests: row.sum.requests,
                bytes: row.sum.bytes
            )
        }
        #expect(counted == tally.sums)
        let comparison = DeliveryReconciliation(
            days: "2026-11-21"..."2026-11-21",
            logged: tally.sums,
            counted: counted
        )
        #expect(comparison.isEqual && comparison.rows.map(\.key.status) == [200, 206, 304])
        #expect(comparison.logged.requests > 100)
    }

    @Test("by the picture's source, whatever was asked of it; requests of other nodes are told apart")
    func names() async throws {
        let (rows, _, _) = try await Self.run(hasShortcut: true, .json)
        let names = Set(rows.map(\.key.content.name))
        #expect(
            names == [
                "http://h/a.jpg", "http://h/b.jpg", "http://h/uncached.jpg", "/img/logo.png",
                "/img/…/w:100/plain/http://h/a.jpg",
            ]
        )
        let relayed = rows.filter(\.key.isRelayed)
        #expect(relayed.allSatisfy { $0.key.status == 200 })
        // Each target that is delivered, three times.
        #expect(relayed.reduce(0) { $0 + $1.sum.requests } == 6 * 3)
    }

    @Test("a difference is named by its day and status")
    func differences() {
        let key = AccessLogTally.Key(day: "2026-11-21", status: 200)
        let other = AccessLogTally.Key(day: "2026-11-22", status: 206)
        let comparison = DeliveryReconciliation(
            days: "2026-11-21"..."2026-11-22",
            logged: [key: .init(requests: 3, bytes: 30), .init(day: "2026-11-20", status: 200): .init(requests: 9)],
            counted: [key: .init(requests: 3, bytes: 29), other: .init(requests: 1, bytes: 1)]
        )
        #expect(comparison.differences.map(\.key) == [key, other])
        #expect(!comparison.isEqual && comparison.logged == .init(requests: 3, bytes: 30))
    }
}
