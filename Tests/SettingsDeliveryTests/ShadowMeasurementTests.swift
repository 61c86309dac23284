import HTTPTypes
import NIOCore
import SettingsDelivery
import Synchronization
import Testing
import Wire

@Suite("Shadow measurement", .timeLimit(.minutes(5)))
struct ShadowMeasurementTests {
    private static func ok(_ exchange: Exchange, _ text: String, status: Int = 200) async throws {
        _ = try await exchange.body.collect(upTo: 1 << 20)
        try await exchange.respond(HTTPResponse(status: .init(code: status)), body: ByteBuffer(string: text))
    }

    @Test("equal answers, other answers and other statuses are told apart, with both latencies")
    func verdicts() async throws {
        try await ShadowRig.run { exchange in
            try await Self.ok(exchange, #"{"a":1,"b":2}"#)
        } test: { rig in
            rig.shadow.offer(rig.trial(#"{"b":2,"a":1}"#))
            rig.shadow.offer(rig.trial(#"{"a":1,"b":3,"c":4}"#))
            rig.shadow.offer(rig.trial(#"{"a":1,"b":2}"#, status: 404))
            rig.shadow.offer(rig.trial("no object"))
            let report = await rig.report { $0.equal + $0.contentDiffers + $0.statusDiffers + $0.notComparable == 4 }
            #expect((report.equal, report.contentDiffers, report.statusDiffers, report.notComparable) == (1, 1, 1, 1))
            #expect(report.settings == ["b": 1, "c": 1])
            #expect(report.live.count == 4 && report.shadow.count == 4)
            #expect(report.live.max == .milliseconds(3) && report.shadow.max > .zero)
        }
    }

    @Test("the duplicate is the request without keys and cookies, and says what it is")
    func request() async throws {
        let seen = Mutex<(HTTPRequest, String)?>(nil)
        try await ShadowRig.run { exchange in
            let body = try await exchange.body.collect(upTo: 1 << 20)
            seen.withLock { $0 = (exchange.request, String(buffer: body)) }
            try await exchange.respond(HTTPResponse(status: .ok), body: ByteBuffer(string: "{}"))
        } test: { rig in
            var fields: HTTPFields = [
                .contentType: "application/json", .authorization: "Bearer secret", .cookie: "a=b",
                .ifNoneMatch: "\"x\"", .acceptEncoding: "br",
            ]
            fields[try #require(HTTPField.Name("X-API-Key"))] = "vc_1"
            rig.shadow.offer(rig.trial("{}", fields: fields))
            _ = await rig.report { $0.equal == 1 }
            let (request, body) = try #require(seen.withLock { $0 })
            #expect(request.method == .post && request.path == "/v1/settings/shop?x=1" && body == #"{"id":"u1"}"#)
            #expect(request.headerFields[.contentType] == "application/json")
            #expect(request.headerFields[.acceptEncoding] == "identity")
            #expect(request.headerFields[ShadowMeasurement.fieldName] == "1")
            let names = ["authorization", "cookie", "if-none-match", "x-api-key"]
            #expect(!request.headerFields.contains { names.contains($0.name.canonicalName) })
        }
    }

    @Test("the share is spread evenly, and a duplicate is not duplicated")
    func share() async throws {
        try await ShadowRig.run(isRunning: false) {
            $0.share = 0.25
        } answer: {
            try await Self.ok($0, "{}")
        } test: { rig in
            let request = rig.trial("{}").request
            #expect((0..<12).map { _ in rig.shadow.draws(request) } == (0..<12).map { $0 % 4 == 3 })
            #expect((rig.shadow.report.offered, rig.shadow.report.drawn) == (12, 3))
            var duplicate = request
            duplicate.headerFields[ShadowMeasurement.fieldName] = "1"
            #expect(!(0..<8).contains { _ in rig.shadow.draws(duplicate) })
        }
    }

    @Test("a full queue drops and counts instead of waiting", arguments: [true, false])
    func full(byCount: Bool) async throws {
        try await ShadowRig.run(isRunning: false) {
            $0.queueMax = byCount ? 3 : 1_000
            $0.bytesMax = byCount ? 1 << 20 : 40
        } answer: {
            try await Self.ok($0, "{}")
        } test: { rig in
            // A body of 11 bytes and a document of 2: three of them fit into 40 bytes.
            let admitted = (0..<10).filter { _ in rig.shadow.offer(rig.trial("{}")) }
            #expect(admitted == [0, 1, 2])
            #expect(rig.shadow.report.dropped == 7)
        }
    }

    @Test("what was dropped for want of room finds room again")
    func drained() async throws {
        try await ShadowRig.run {
            $0.queueMax = 2
            $0.bytesMax = 26
        } answer: {
            try await Self.ok($0, "{}")
        } test: { rig in
            for done in 1...20 {
                while !rig.shadow.offer(rig.trial("{}")) { await Task.yield() }
                _ = await rig.report { $0.equal == done }
            }
        }
    }

    @Test("an endpoint that fails, breaks off, is late or says too much is counted and harms nobody")
    func failing() async throws {
        let number = Atomic<Int>(0)
        try await ShadowRig.run {
            $0.answerBytesMax = 1_000
            $0.concurrencyMax = 1
        } answer: { exchange in
            switch number.add(1, ordering: .relaxed).newValue {
            case 1: try await Self.ok(exchange, String(repeating: " ", count: 100_000))
            case 2:
                try await exchange.respond(HTTPResponse(status: .ok, headerFields: [.contentLength: "100"]))
                try await exchange.write(ByteBuffer(string: "{"))
            default: try await Self.ok(exchange, "{}")
            }
        } test: { rig in
            for _ in 0..<3 { rig.shadow.offer(rig.trial("{}")) }
            let report = await rig.report { $0.failed + $0.equal == 3 }
            #expect((report.failed, report.equal) == (2, 1))
            #expect(report.shadow.count == 1)
        }
    }

    @Test("an endpoint that never answers ends with the patience")
    func late() async throws {
        try await ShadowRig.run {
            $0.patience = .milliseconds(50)
        } answer: { exchange in
            _ = try await exchange.body.collect(upTo: 1 << 20)
            // Until the client goes away, which cancels this task.
            while !Task.isCancelled { await Task.yield() }
        } test: { rig in
            rig.shadow.offer(rig.trial("{}"))
            let report = await rig.report { $0.failed == 1 }
            #expect(report.shadow.count == 0)
        }
    }

    @Test("names are bounded, and the report is JSON with the most frequent first")
    func report() async throws {
        try await ShadowRig.run {
            $0.namesMax = 2
        } answer: {
            try await Self.ok($0, #"{"x\"y":1,"b":1,"c":1}"#)
        } test: { rig in
            rig.shadow.offer(rig.trial(#"{"b":0,"c":1,"x\"y":1}"#))
            _ = await rig.report { $0.contentDiffers == 1 }
            rig.shadow.offer(rig.trial(#"{"b":0,"c":1,"x\"y":2}"#))
            _ = await rig.report { $0.contentDiffers == 2 }
            rig.shadow.offer(rig.trial(#"{"b":0,"c":0,"x\"y":1}"#))
            let report = await rig.report { $0.contentDiffers == 3 }
            #expect(report.settings == ["b": 3, "x\"y": 1])
            #expect(report.otherSettings == 1)
            let end = #""settings":[{"name":"b","times":3},{"name":"x\"y","times":1}],"otherSettings":1}"#
            #expect(report.json.hasSuffix(end))
            #expect(report.json.contains(#""live":{"count":3,"p50":"#))
        }
    }
}
