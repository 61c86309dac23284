import HTTPTypes
import NIOCore
import Synchronization
import Testing
import Wire

/// Requests and responses on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct ServerTests {
    @Test("pipelined requests are answered in their order, shortcut or not")
    func pipelining() async throws {
        try await RunningServer.run { exchange in
            try await exchange.respond(.ok, text: "slow:\(exchange.request.path ?? "")")
        } _: { running in
            let client = try await running.connect()
            var sent = ""
            for index in 0..<20 {
                sent += "GET /\(index % 3 == 0 ? "miss" : "hit")\(index)x HTTP/1.1\r\nHost: a\r\n\r\n"
            }
            client.send(sent)
            let text = await client.wait(for: "/hit19x")
            var last = text.startIndex
            for index in 0..<20 {
                let body = (index % 3 == 0 ? "slow:/miss" : "/hit") + "\(index)x"
                let place = try #require(text[last...].range(of: body), "\(body) in its place")
                last = place.upperBound
            }
            #expect(running.server.statistics.shortcutRequests == 13)
            #expect(running.server.statistics.handledRequests == 7)
        }
    }

    @Test("a head may come in any pieces")
    func splits() async throws {
        try await RunningServer.run { running in
            let client = try await running.connect()
            for byte in "GET /hit-in-bytes HTTP/1.1\r\nHost: a\r\n\r\n".utf8 {
                #expect(client.count == 0)
                try await client.sendFully(ByteBuffer(bytes: [byte]))
            }
            #expect(await client.wait(for: "/hit-in-bytes").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("a client that closed its sending side still gets all its responses")
    func halfClose() async throws {
        let body = ByteBuffer(repeating: 0x61, count: 600_000)
        try await RunningServer.run(shortcutBody: body) { running in
            let client = try await running.connect()
            let hit = "GET /hit HTTP/1.1\r\nHost: a\r\n\r\n"
            client.send(hit + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n" + hit)
            try await client.closeOutput()
            let text = await client.waitForEnd()
            #expect(text.occurrences(of: "HTTP/1.1 200 OK") == 3)
            #expect(text.utf8.count > 1_200_000)
        }
    }

    @Test("a response is framed by its length, by chunks, or by the end")
    func framing() async throws {
        try await RunningServer.run { exchange in
            var response = HTTPResponse(status: .ok)
            if exchange.request.path == "/length" { response.headerFields[.contentLength] = "6" }
            try await exchange.respond(response)
            try await exchange.write(ByteBuffer(string: "abc"))
            try await exchange.write(ByteBuffer(string: "def"))
            try await exchange.finish(trailers: [.init("X-Sum") ?? .accept: "9"])
        } _: { running in
            let client = try await running.connect()
            client.send("GET /length HTTP/1.1\r\nHost: a\r\n\r\n")
            let length = await client.wait(for: "abcdef")
            #expect(length.hasSuffix("Content-Length: 6\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\n\r\nabcdef"))
            client.send("GET /chunks HTTP/1.1\r\nHost: a\r\n\r\n")
            let chunks = await client.wait(for: "X-Sum: 9\r\n\r\n").dropFirst(length.count)
            #expect(chunks.contains("Transfer-Encoding: chunked\r\n"))
            #expect(chunks.hasSuffix("\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\nX-Sum: 9\r\n\r\n"))
            client.send("HEAD /length HTTP/1.1\r\nHost: a\r\n\r\nGET /end HTTP/1.0\r\n\r\n")
            let rest = await client.waitForEnd().dropFirst(length.count + chunks.count)
            #expect(rest.occurrences(of: "abcdef") == 1, "HEAD has no body")
            #expect(rest.hasSuffix("Connection: close\r\n\r\nabcdef"))
        }
    }

    @Test("204 and 304 have no body and no made-up length")
    func bodyless() async throws {
        try await RunningServer.run { exchange in
            let status: HTTPResponse.Status = exchange.request.path == "/204" ? .noContent : .notModified
            try await exchange.respond(HTTPResponse(status: status), body: ByteBuffer(string: "dropped"))
        } _: { running in
            let client = try await running.connect()
            client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n")
            client.send("GET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.wait(for: "/hit")
            #expect(!text.contains("dropped"))
            #expect(!text.contains("chunked"))
            #expect(text.occurrences(of: "Content-Length") == 1)
        }
    }

    @Test("a handler without a response is a 500, and the connection ends")
    func noResponse() async throws {
        try await RunningServer.run { _ in
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.waitForEnd()
            #expect(text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
            #expect(text.contains("Connection: close\r\n"))
        }
    }

    @Test("a body shorter than promised never looks complete", arguments: ["/length", "/chunks"])
    func short(_ path: String) async throws {
        try await RunningServer.run { exchange in
            var response = HTTPResponse(status: .ok)
            if path == "/length" { response.headerFields[.contentLength] = "10" }
            try await exchange.respond(response)
            try await exchange.write(ByteBuffer(string: "abc"))
            if path == "/length" { try await exchange.finish() }
        } _: { running in
            let client = try await running.connect()
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.waitForEnd()
            #expect(!text.contains("\r\n0\r\n"))
            #expect(text.range(of: "\r\n\r\n").map { text[$0.upperBound...].utf8.count < 10 } ?? true)
        }
    }

    @Test("a handler's mistakes are told to it")
    func misuse() async throws {
        let mistakes = Mutex<[String]>([])
        try await RunningServer.run { exchange in
            func note(_ body: () async throws(ExchangeError) -> Void) async {
                do throws(ExchangeError) {
                    try await body()
                } catch {
                    if case .misuse(let what) = error { mistakes.withLock { $0.append(what) } }
                }
            }
            await note { () async throws(ExchangeError) in try await exchange.write(ByteBuffer(string: "early")) }
            await note { () async throws(ExchangeError) in try await exchange.respond(HTTPResponse(status: .continue)) }
            try await exchange.respond(.ok, text: "fine")
            await note { () async throws(ExchangeError) in try await exchange.respond(HTTPResponse(status: .ok)) }
            await note { () async throws(ExchangeError) in try await exchange.finish() }
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /hit HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.wait(for: "/hit").contains("fine"))
        }
        #expect(mistakes.withLock { $0.count } == 4)
    }

    @Test("no field of a response can begin another line")
    func splitting() async throws {
        try await RunningServer.run { exchange in
            var response = HTTPResponse(status: .init(code: 299, reasonPhrase: "a\r\nEvil: 1"))
            response.headerFields.append(.init(name: .contentType, lenientValue: Array("a\r\nEvil: 2\0".utf8)))
            response.headerFields[.connection] = "x"
            response.headerFields[.transferEncoding] = "gzip"
            try await exchange.respond(response, body: ByteBuffer(string: "!"))
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.wait(for: "!")
            #expect(!text.contains("\nEvil"))
            #expect(!text.contains("gzip"))
            #expect(!text.contains("Connection"))
        }
    }

    @Test("informational responses come before the final one, and not to HTTP/1.0")
    func informational() async throws {
        try await RunningServer.run { exchange in
            try await exchange.inform(
                .init(status: .earlyHints, headerFields: [.init("Link") ?? .accept: "</a>; rel=preload"])
            )
            try await exchange.respond(.ok, text: "done")
        } _: { running in
            let client = try await running.connect()
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = await client.wait(for: "done")
            #expect(text.hasPrefix("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n"))
            let old = try await running.connect()
            old.send("GET /x HTTP/1.0\r\n\r\n")
            #expect(await old.waitForEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}

extension StringProtocol {
    func range(of piece: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(piece) { return start..<index(start, offsetBy: piece.count) }
            start = index(after: start)
        }
        return nil
    }

    func contains(_ piece: String) -> Bool { range(of: piece) != nil }
}
