import Caching
import Fleet
import HTTPTypes
import NIOCore
import Synchronization
import Testing
import Wire

@testable import Edge

@Suite("A request's way through the edge", .timeLimit(.minutes(2)))
struct EdgeServiceTests {
    @Test("a fresh answer is fetched once; past its time it is fetched again")
    func freshness() async throws {
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            try await sink.answer(200, [.cacheControl: "max-age=60"], "number \(number)")
        } _: { rig in
            #expect(try await rig.get("/x").text == "number 1")
            rig.clock.advance(by: .milliseconds(59_999))
            let hit = try await rig.get("/x")
            #expect(hit.text == "number 1" && hit["age"] == "59")
            rig.clock.advance(by: .milliseconds(1))
            #expect(try await rig.get("/x").text == "number 2")
        }
    }

    @Test("a 304 renews what is stored, with the fields that it brings")
    func renews() async throws {
        try await EdgeRig.run { request, _, sink throws(EdgeFailure) in
            if request.headerFields[.ifNoneMatch] == "\"1\"" {
                try await sink.answer(304, [.cacheControl: "max-age=30", .eTag: "\"1\"", .server: "renewed"], "")
            } else {
                try await sink.answer(200, [.cacheControl: "max-age=60", .eTag: "\"1\""], "body")
            }
        } _: { rig in
            _ = try await rig.get("/x")
            rig.clock.advance(by: .seconds(61))
            let validated = try await rig.get("/x")
            #expect(validated.status == 200 && validated.text == "body" && validated["server"] == "renewed")
            rig.clock.advance(by: .seconds(29))
            #expect(try await rig.get("/x").text == "body")
            #expect(rig.origin.count == 2)
            rig.clock.advance(by: .seconds(2))
            _ = try await rig.get("/x")
            #expect(rig.origin.count == 3)
        }
    }

    @Test("while it may, a stale answer is served at once and fetched again in the background, once")
    func staleWhileRevalidate() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            if number == 2 { await gate.wait() }
            let fields: HTTPFields = [.cacheControl: "max-age=10, stale-while-revalidate=60"]
            try await sink.answer(200, fields, "number \(number)")
        } _: { rig in
            _ = try await rig.get("/x")
            rig.clock.advance(by: .seconds(20))
            for _ in 0..<5 { #expect(try await rig.get("/x").text == "number 1") }
            await until { rig.origin.count == 2 }
            gate.open()
            await until { rig.service.flights.count == 0 }
            #expect(try await rig.get("/x").text == "number 2")
            #expect(rig.origin.count == 2)
        }
    }

    @Test("an answer fetched in the background that is for one alone is not given to who waits for it")
    func refreshIsPrivate() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            let who = request.headerFields[.cookie] ?? "nobody"
            if number == 1 {
                try await sink.answer(200, [.cacheControl: "max-age=10, stale-while-revalidate=60"], "all")
            } else {
                if number == 2 { await gate.wait() }
                try await sink.answer(200, [.cacheControl: "private"], "for \(who)")
            }
        } _: { rig in
            _ = try await rig.get("/x")
            rig.clock.advance(by: .seconds(20))
            #expect(try await rig.get("/x", "Cookie: alice\r\n").text == "all")
            await until { rig.origin.count == 2 }
            rig.clock.advance(by: .seconds(60))
            let late = try await rig.connect()
            late.send("GET /x HTTP/1.1\r\nHost: a\r\nCookie: bob\r\n\r\n")
            await until { rig.service.flights.load.keys == 1 || rig.origin.count == 3 }
            gate.open()
            #expect(try await late.next().text == "for bob")
        }
    }

    @Test("when the origin fails, a stale answer stands in where it may", arguments: [true, false])
    func staleIfError(answers: Bool) async throws {
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            if number == 1 {
                try await sink.answer(200, [.cacheControl: "max-age=10, stale-if-error=60"], "good")
            } else if answers {
                try await sink.answer(503, [:], "bad")
            } else {
                throw .upstream(.connectionRefused)
            }
        } _: { rig in
            _ = try await rig.get("/x")
            rig.clock.advance(by: .seconds(20))
            let answer = try await rig.get("/x")
            #expect(answer.status == 200 && answer.text == "good")
            #expect(answer["cache-status"]?.contains("stale-if-error") == true)
            rig.clock.advance(by: .seconds(60))
            if answers { #expect(try await rig.get("/x").status == 503) }
        }
    }

    @Test("a body that breaks off is not stored, and its viewer sees that it is not whole")
    func truncated() async throws {
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            try await sink.begin(HTTPResponse(status: .ok, headerFields: [.cacheControl: "max-age=60"]))
            try await sink.write(ByteBuffer(string: "half"))
            if number == 1 { throw .upstream(.truncated) }
            try await sink.end(trailers: nil)
        } _: { rig in
            let client = try await rig.connect()
            let answer = try? await client.exchange("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer?.isComplete != true)
            #expect(rig.parts.memory.statistics.entries == 0)
            #expect(try await rig.get("/x").text == "half")
            #expect(rig.origin.count == 2)
        }
    }

    @Test("an answer too large for the cache is passed on whole, within bounded memory, and not stored")
    func tooLarge() async throws {
        var options = EdgeRig.Options()
        options.settings.storedBytesMax = 100_000
        let piece = ByteBuffer(repeating: 65, count: 50_000)
        try await EdgeRig.run(options) { _, _, sink throws(EdgeFailure) in
            try await sink.begin(HTTPResponse(status: .ok, headerFields: [.cacheControl: "max-age=60"]))
            for _ in 0..<40 { try await sink.write(piece) }
            try await sink.end(trailers: nil)
        } _: { rig in
            let answer = try await rig.get("/x")
            #expect(answer.isComplete && answer.body.count == 2_000_000)
            #expect(rig.parts.memory.statistics.entries == 0)
        }
    }

    @Test("what is purged while it is fetched is not stored, and who asks after the purge gets a new one")
    func purgeDuringFetch() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            try await sink.answer(200, [.cacheControl: "max-age=60"], "number \(number)")
        } _: { rig in
            let before = try await rig.connect()
            before.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 1 }
            rig.parts.board.purge(.url("http://a/x"), .hard, floor: 0)
            let after = try await rig.connect()
            after.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 2 }
            gate.open()
            #expect(try await before.next().text == "number 1")
            #expect(try await after.next().text == "number 2")
            #expect(try await rig.get("/x").text == "number 2")
        }
    }

    @Test("who asks after a purge by tag does not join a body that was under way before")
    func purgeDuringBody() async throws {
        let rest = Latch()
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            var fields: HTTPFields = [.cacheControl: "max-age=60"]
            fields[SurrogateKeys.names[0]] = "red blue"
            try await sink.begin(HTTPResponse(status: .ok, headerFields: fields))
            try await sink.write(ByteBuffer(string: "number \(number)"))
            if number == 1 { await rest.wait() }
            try await sink.end(trailers: nil)
        } _: { rig in
            let before = try await rig.connect()
            before.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await before.wait(for: "number 1")
            rig.parts.board.purge(.tag("blue"), .hard, floor: 0)
            #expect(try await rig.get("/x").text == "number 2")
            rest.open()
            #expect(try await before.next().text == "number 1")
            #expect(try await rig.get("/x").text == "number 2")
        }
    }

    @Test("a soft purge has the answer validated, and a hard one fetched")
    func purges() async throws {
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            let isKnown = request.headerFields.contains(.ifNoneMatch)
            let fields: HTTPFields = [.cacheControl: "max-age=60", .eTag: "\"1\""]
            try await sink.answer(isKnown ? 304 : 200, fields, isKnown ? "" : "number \(number)")
        } _: { rig in
            _ = try await rig.get("/x")
            rig.parts.board.purge(.prefix("http://a/"), .soft, floor: 0)
            #expect(try await rig.get("/x").text == "number 1")
            #expect(rig.origin.requests.last?.headerFields[.ifNoneMatch] == "\"1\"")
            #expect(try await rig.get("/x").text == "number 1")
            #expect(rig.origin.count == 2)
            rig.parts.board.purge(.url("http://a/x"), .hard, floor: 0)
            #expect(try await rig.get("/x").text == "number 3")
        }
    }

    @Test("an unsafe request that succeeds makes the stored answer invalid before its client hears of it")
    func invalidates() async throws {
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            let isGet = request.method == .get
            let fields: HTTPFields = isGet ? [.cacheControl: "max-age=60"] : [.location: "/y"]
            try await sink.answer(isGet ? 200 : 201, fields, "number \(number)")
        } _: { rig in
            _ = try await rig.get("/x")
            _ = try await rig.get("/y")
            let client = try await rig.connect()
            // Pipelined: the second is answered as soon as the first one is.
            client.send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n.GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.next().status == 201)
            #expect(try await client.next().text == "number 4")
            #expect(try await rig.get("/y").text == "number 5")
        }
    }

    @Test("an answer that was asked for before an unsafe request does not stay in the cache")
    func invalidatesFetch() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            try await sink.answer(200, [.cacheControl: "max-age=60"], "\(request.method) \(number)")
        } _: { rig in
            let early = try await rig.connect()
            early.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 1 }
            let writer = try await rig.connect()
            _ = try await writer.exchange("DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n")
            gate.open()
            #expect(try await early.next().text == "GET 1")
            #expect(try await rig.get("/x").text == "GET 3")
        }
    }

    @Test("an unsafe request for what nobody has does not grow the list of purges")
    func quietInvalidation() async throws {
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            try await sink.answer(200, [:], "done")
        } _: { rig in
            let client = try await rig.connect()
            for number in 0..<10 {
                _ = try await client.exchange("POST /x\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            }
            #expect(rig.parts.board.count == 0)
        }
    }

    @Test("a clock that is set back during a fetch does no harm")
    func clockSetBack() async throws {
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            try await sink.answer(200, [.cacheControl: "max-age=60"], "number \(number)")
        } _: { rig in
            rig.clock.advance(by: .seconds(-5))
            let answer = try await rig.get("/x")
            #expect(answer.text == "number 1")
        }
        #expect(Sample.response(cost: -1).costMilliseconds == 0)
        #expect(Sample.response(cost: .nan).costMilliseconds == 0)
    }

    @Test("who asks too often is turned away, and hits are not counted")
    func rateLimit() async throws {
        var options = EdgeRig.Options()
        options.limits = EdgeLimits(client: .init(name: "client", perSecond: 0.1, burst: 2), tenant: nil)
        try await EdgeRig.run(options) { _, _, sink throws(EdgeFailure) in
            try await sink.answer(200, [.cacheControl: "max-age=60"], "ok")
        } _: { rig in
            #expect(try await rig.get("/a").status == 200)
            #expect(try await rig.get("/b").status == 200)
            let refused = try await rig.get("/c")
            #expect(refused.status == 429 && refused["retry-after"] != nil)
            for _ in 0..<5 { #expect(try await rig.get("/a").status == 200) }
            rig.clock.advance(by: .seconds(11))
            #expect(try await rig.get("/c").status == 200)
        }
    }

    @Test("only-if-cached never asks the origin; a request that went round is refused")
    func refusals() async throws {
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            try await sink.answer(200, [.cacheControl: "max-age=60"], "ok")
        } _: { rig in
            let unstored = try await rig.get("/x", "Cache-Control: only-if-cached\r\n")
            #expect(unstored.status == 504)
            let loop = "CDN-Loop: vitrine; node=\"test\", vitrine, vitrine, vitrine, vitrine\r\n"
            #expect(try await rig.get("/x", loop).status == 508)
            #expect(rig.origin.count == 0)
        }
    }
}
