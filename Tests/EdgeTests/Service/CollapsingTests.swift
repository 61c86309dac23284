import Caching
import HTTPTypes
import NIOCore
import Synchronization
import Testing
import Wire

@testable import Edge

@Suite("Requests for one thing at one time", .timeLimit(.minutes(2)))
struct CollapsingTests {
    private static let fresh: HTTPFields = [.cacheControl: "max-age=60"]

    /// Sends requests until all of them wait for one leader.
    private static func crowd(_ rig: EdgeRig, _ count: Int, _ path: String = "/x") async throws -> [RigClient] {
        var clients: [RigClient] = []
        for _ in 0..<count {
            let client = try await rig.connect()
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
        }
        await until { rig.service.flights.load.waiting == count - 1 }
        return clients
    }

    @Test("a hundred requests cost one fetch, and all get the whole answer")
    func collapses() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.answer(200, Self.fresh, "shared")
        } _: { rig in
            let clients = try await Self.crowd(rig, 100)
            gate.open()
            var statuses: [String: Int] = [:]
            for client in clients {
                let answer = try await client.next()
                #expect(answer.text == "shared" && answer.isComplete)
                statuses[answer["cache-status"]?.contains("collapsed") == true ? "collapsed" : "own", default: 0] += 1
            }
            #expect(rig.origin.count == 1)
            #expect(statuses == ["own": 1, "collapsed": 99])
        }
    }

    @Test("followers read while the leader's fetch is still going on")
    func followersStream() async throws {
        let gate = Latch()
        let rest = Latch()
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.begin(HTTPResponse(status: .ok, headerFields: Self.fresh))
            try await sink.write(ByteBuffer(string: "first"))
            await rest.wait()
            try await sink.write(ByteBuffer(string: " second"))
            try await sink.end(trailers: nil)
        } _: { rig in
            let clients = try await Self.crowd(rig, 5)
            gate.open()
            for client in clients { await client.wait(for: "first") }
            #expect(rig.origin.ended == 0)
            rest.open()
            for client in clients { #expect(try await client.next().text == "first second") }
            #expect(rig.origin.count == 1)
        }
    }

    @Test("a request that comes in the middle of a body gets it from its beginning")
    func joinsLate() async throws {
        let rest = Latch()
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            try await sink.begin(HTTPResponse(status: .ok, headerFields: Self.fresh))
            try await sink.write(ByteBuffer(string: "first"))
            await rest.wait()
            try await sink.write(ByteBuffer(string: " second"))
            try await sink.end(trailers: nil)
        } _: { rig in
            let first = try await rig.connect()
            first.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await first.wait(for: "first")
            let second = try await rig.connect()
            second.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await second.wait(for: "first")
            rest.open()
            #expect(try await first.next().text == "first second")
            #expect(try await second.next().text == "first second")
            #expect(rig.origin.count == 1)
        }
    }

    @Test("a viewer that leaves does not end the fetch: the next takes it over, and it is stored")
    func leaderLeaves() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.answer(200, Self.fresh, "kept")
        } _: { rig in
            let leader = try await rig.connect()
            leader.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 }
            await leader.close()
            await until { rig.service.flights.load.waiting == 0 }
            await until { rig.service.flights.waiters(for: "http://a/x") == 1 }
            gate.open()
            #expect(try await follower.next().text == "kept")
            #expect(rig.origin.count == 1)
            #expect(rig.parts.memory.statistics.entries == 1)
        }
    }

    @Test("who takes a fetch over does not get what was only for the one who left")
    func leaderLeavesPrivate() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            let cookie = request.headerFields[.cookie] ?? "nobody"
            try await sink.answer(200, [.cacheControl: "private"], "for \(cookie)")
        } _: { rig in
            let leader = try await rig.connect()
            leader.send("GET /x HTTP/1.1\r\nHost: a\r\nCookie: alice\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\nCookie: bob\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 }
            await leader.close()
            await until { rig.service.flights.load.waiting == 0 }
            await until { rig.service.flights.waiters(for: "http://a/x") == 1 }
            gate.open()
            #expect(try await follower.next().text == "for bob")
            await until { rig.origin.ended == 2 }
        }
    }

    @Test("who takes a fetch over does not get another variant than its own")
    func leaderLeavesVariant() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            let fields: HTTPFields = [.cacheControl: "max-age=60", .vary: "Accept-Language"]
            try await sink.answer(200, fields, "in " + (request.headerFields[.acceptLanguage] ?? "none"))
        } _: { rig in
            let leader = try await rig.connect()
            leader.send("GET /x HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\nAccept-Language: de\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 }
            await leader.close()
            await until { rig.service.flights.load.waiting == 0 }
            await until { rig.service.flights.waiters(for: "http://a/x") == 1 }
            gate.open()
            #expect(try await follower.next().text == "in de")
        }
    }

    @Test("followers of another variant look again and get their own")
    func variants() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            let fields: HTTPFields = [.cacheControl: "max-age=60", .vary: "Accept-Language"]
            try await sink.answer(200, fields, "in " + (request.headerFields[.acceptLanguage] ?? "none"))
        } _: { rig in
            var clients: [(String, RigClient)] = []
            for number in 0..<12 {
                let language = ["en", "de", "fr"][number % 3]
                let client = try await rig.connect()
                client.send("GET /x HTTP/1.1\r\nHost: a\r\nAccept-Language: \(language)\r\n\r\n")
                clients.append((language, client))
            }
            await until { rig.service.flights.load.waiting == 11 }
            gate.open()
            for (language, client) in clients { #expect(try await client.next().text == "in " + language) }
            #expect(rig.origin.count == 3)
        }
    }

    @Test("an answer that is not for all releases the followers together, and nobody waits the next time")
    func releases() async throws {
        let gate = Latch()
        let second = Latch()
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            await (number == 1 ? gate : second).wait()
            try await sink.answer(200, [.cacheControl: "no-store"], "number \(number)")
        } _: { rig in
            let clients = try await Self.crowd(rig, 10)
            gate.open()
            // All followers ask at the same time: none of these fetches has ended.
            await until { rig.origin.count == 10 }
            #expect(rig.origin.ended <= 1)
            let later = try await rig.connect()
            later.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 11 }
            second.open()
            var texts: Set<String> = []
            for client in clients + [later] { texts.insert(try await client.next().text) }
            #expect(texts.count == 11)
            #expect(rig.parts.memory.statistics.entries == 0)
        }
    }

    @Test("a failure is shared by all who wait")
    func sharesFailure() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, _, _ throws(EdgeFailure) in
            await gate.wait()
            throw .upstream(.connectionRefused)
        } _: { rig in
            let clients = try await Self.crowd(rig, 20)
            gate.open()
            for client in clients { #expect(try await client.next().status == 502) }
            #expect(rig.origin.count == 1)
        }
    }

    @Test("an error page is shared by those who wait, and not stored")
    func sharesErrorPage() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, number, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.answer(503, [:], "sorry \(number)")
        } _: { rig in
            let clients = try await Self.crowd(rig, 20)
            gate.open()
            for client in clients {
                let answer = try await client.next()
                #expect(answer.status == 503 && answer.text == "sorry 1")
            }
            #expect(rig.origin.count == 1)
            #expect(try await rig.get("/x").text == "sorry 2")
        }
    }

    @Test("an error page for one who has given a password is not shown to others")
    func authorizedErrorPage() async throws {
        let gate = Latch()
        try await EdgeRig.run { request, number, sink throws(EdgeFailure) in
            if number == 1 { await gate.wait() }
            try await sink.answer(500, [:], "for " + (request.headerFields[.authorization] ?? "anybody"))
        } _: { rig in
            let leader = try await rig.connect()
            leader.send("GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic secret\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 }
            gate.open()
            #expect(try await leader.next().text == "for Basic secret")
            #expect(try await follower.next().text == "for anybody")
        }
    }

    @Test("a fetch that takes too long is begun again by a follower, while the first goes on")
    func handsOver() async throws {
        var options = EdgeRig.Options()
        options.settings.leaderAge = .seconds(5)
        let first = Latch()
        try await EdgeRig.run(options) { _, number, sink throws(EdgeFailure) in
            if number == 1 { await first.wait() }
            try await sink.answer(200, Self.fresh, "by \(number)")
        } _: { rig in
            let slow = try await rig.connect()
            slow.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 && rig.clock.sleepers > 0 }
            rig.clock.advance(by: .seconds(6))
            #expect(try await follower.next().text == "by 2")
            first.open()
            #expect(try await slow.next().text == "by 1")
        }
    }

    @Test("a follower whose patience ends is told so")
    func patience() async throws {
        var options = EdgeRig.Options()
        options.settings.leaderAge = .seconds(600)
        options.settings.patience = .seconds(30)
        let gate = Latch()
        try await EdgeRig.run(options) { _, _, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.answer(200, Self.fresh, "late")
        } _: { rig in
            let leader = try await rig.connect()
            leader.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.origin.count == 1 }
            let follower = try await rig.connect()
            follower.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            await until { rig.service.flights.load.waiting == 1 && rig.clock.sleepers > 0 }
            rig.clock.advance(by: .seconds(31))
            #expect(try await follower.next().status == 504)
            gate.open()
            #expect(try await leader.next().text == "late")
        }
    }

    @Test("requests for a part, without storing, or for the head go by themselves")
    func alone() async throws {
        let gate = Latch()
        try await EdgeRig.run { _, _, sink throws(EdgeFailure) in
            await gate.wait()
            try await sink.answer(200, Self.fresh, "whole")
        } _: { rig in
            let requests = [
                "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nCache-Control: no-store\r\n\r\n",
                "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
            var clients: [RigClient] = []
            for request in requests {
                let client = try await rig.connect()
                client.send(request)
                clients.append(client)
            }
            await until { rig.origin.count == requests.count }
            gate.open()
            for (client, request) in zip(clients, requests) {
                _ = try await client.next(isToHead: request.hasPrefix("HEAD"))
            }
        }
    }

    @Test("a fetch begun after the node has stopped fails instead of waiting for ever")
    func stopped() async throws {
        let nursery = TaskNursery()
        // Waited for, or cancelled, below.
        let runner = Task { await nursery.run() }
        let ran = Latch()
        #expect(nursery.start { ran.open() })
        await ran.wait()
        runner.cancel()
        await runner.value
        #expect(!nursery.start {})
    }
}
