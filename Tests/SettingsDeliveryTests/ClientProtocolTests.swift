import JSON
import NIOCore
import SettingsDelivery
import Testing

@Suite("client protocols")
struct ClientProtocolTests {
    private let directory = TestDirectory()

    private func serve(_ number: Int, _ engine: TableEngine) {
        directory.put(
            ServedApp(name: "shop", number: number, engine: engine),
            keys: ["vc_shop": false, "vs_shop": true]
        )
    }

    private var parts: SettingsParts {
        serve(4, TableEngine(["dark": false, "size": 3, "note": nil]))
        return SettingsParts(directory: directory)
    }

    private let key = ["X-API-Key": "vc_shop"]
    private let flags = "/ofrep/v1/evaluate/flags"

    @Test("bulk evaluation lists every flag and where changes are announced")
    func bulk() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let reply = try await rig.ask("POST", flags, key, body: #"{"context":{"targetingKey":"u","size":1.0}}"#)
            #expect(reply.status == 200)
            let answer = try JSONParser().value(from: reply.body)
            let all = try #require(answer["flags"]?.array)
            #expect(all.map { $0["key"]?.string } == ["dark", "size", "note"])
            #expect(reply.text.contains(#"{"key":"size","value":1.0,"reason":"STATIC","variant":"default"}"#))
            #expect(reply.text.contains(#"{"key":"note","reason":"STATIC","variant":"default"}"#))
            let stream = answer["eventStreams"]?.array?.first
            #expect(stream?["type"]?.string == "sse")
            #expect(stream?["url"]?.string == "http://node.test/ofrep/v1/events/channel-of-vc_shop")
            #expect(answer["metadata"]?["version"]?.string == "4")
            #expect(!reply.text.contains("vs_"))
        }
    }

    @Test("bulk evaluation answers 304 to the same context, but not against an event's word")
    func bulkNotModified() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let body = #"{"context":{"targetingKey":"u"}}"#
            let first = try await rig.ask("POST", flags, key, body: body)
            var fields = key
            fields["If-None-Match"] = first.fields["etag"]
            #expect(try await rig.ask("POST", flags, fields, body: body).status == 304)
            let own = flags + "?flagConfigEtag=abababababababab-4"
            #expect(try await rig.ask("POST", own, fields, body: body).status == 304)
            let newer = flags + "?flagConfigEtag=abababababababab-5"
            #expect(try await rig.ask("POST", newer, fields, body: body).status == 200)
            let other = #"{"context":{"targetingKey":"u","size":9}}"#
            #expect(try await rig.ask("POST", flags, fields, body: other).status == 200)
        }
    }

    @Test("one flag is answered alone; an unknown one is not found, in the protocol's words")
    func single() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let body = #"{"context":{"targetingKey":"u"}}"#
            let reply = try await rig.ask("POST", flags + "/size", key, body: body)
            #expect(reply.text == #"{"key":"size","value":3,"reason":"STATIC","variant":"default"}"#)
            let unknown = try await rig.ask("POST", flags + "/nothing", key, body: body)
            #expect(unknown.status == 404)
            let answer = try JSONParser().value(from: unknown.body)
            #expect(answer["key"]?.string == "nothing")
            #expect(answer["errorCode"]?.string == "FLAG_NOT_FOUND")
            #expect(answer["errorDetails"]?.string?.isEmpty == false)
        }
    }

    @Test(
        "OpenFeature's errors have a code and details",
        arguments: [
            ("{", 400, "PARSE_ERROR"), ("{}", 400, "TARGETING_KEY_MISSING"),
            (#"{"context":[]}"#, 400, "INVALID_CONTEXT"),
        ]
    )
    func errors(body: String, status: Int, code: String) async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            for path in [flags, flags + "/size"] {
                let reply = try await rig.ask("POST", path, key, body: body)
                #expect(reply.status == status)
                let answer = try JSONParser().value(from: reply.body)
                #expect(answer["errorCode"]?.string?.text == code)
                #expect(answer["errorDetails"]?.string?.isEmpty == false)
            }
            #expect(try await rig.ask("POST", flags, body: "{}").status == 401)
        }
    }

    @Test("server keys see features, client keys do not and are told what to do")
    func features() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let reply = try await rig.ask("GET", "/api/features/vs_shop")
            #expect(reply.status == 200)
            #expect(reply.fields["x-sse-support"] == "enabled")
            #expect(reply.text.contains("\"features\""))
            let tag = try #require(reply.fields["etag"])
            #expect(try await rig.ask("GET", "/api/features/vs_shop", ["If-None-Match": tag]).status == 304)
            let refused = try await rig.ask("GET", "/api/features/vc_shop")
            #expect(refused.status == 403)
            #expect(refused.text.contains("key-is-public"))
            #expect(refused.text.contains("/api/eval"))
            #expect(try await rig.ask("GET", "/api/features/nobody").status == 401)
        }
    }

    @Test("remote evaluation keeps falsy values")
    func remote() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let body = #"{"attributes":{"id":"u"},"forcedVariations":{},"forcedFeatures":[["size",0]],"url":""}"#
            let reply = try await rig.ask("POST", "/api/eval/vc_shop", body: body)
            #expect(reply.status == 200)
            #expect(reply.fields["x-sse-support"] == "enabled")
            let expected =
                #"{"features":{"dark":{"defaultValue":false},"size":{"defaultValue":0},"note":{"defaultValue":null}}}"#
            #expect(reply.text == expected)
        }
    }

    @Test("a stream tells of a publish: client keys that there is one, server keys what it is, providers to refetch")
    func streams() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            func open(_ path: String) async throws -> ClientSocket {
                let socket = try await ClientSocket.connect(rig.address, on: rig.group)
                socket.send("GET \(path) HTTP/1.1\r\nHost: h\r\nLast-Event-ID: 4\r\n\r\n")
                await socket.wait(for: "retry: 3000")
                return socket
            }
            let client = try await open("/sub/vc_shop")
            let server = try await open("/sub/vs_shop")
            let provider = try await open("/ofrep/v1/events/channel-of-vc_shop")
            #expect(client.text.contains("text/event-stream"))
            #expect(rig.routes.hub.subscribers(of: "shop") == 3)
            serve(5, TableEngine(["dark": true]))
            rig.routes.hub.look(at: "shop", now: SettingsRig.now)
            await client.wait(for: "event: features-updated\ndata:\n\n")
            #expect(client.text.contains("id: 5\n"))
            #expect(!client.text.contains("dark"))
            await server.wait(for: #"data: {"features":{"dark":true}}"#)
            #expect(server.text.contains("event: features\n"))
            await provider.wait(for: #""type":"refetchEvaluation","etag":"abababababababab-5""#)
            #expect(provider.text.contains("event: message\n"))
            for socket in [client, server, provider] { await socket.close() }
        }
    }

    @Test("a stream whose client has gone is given up, at a heartbeat at the latest")
    func gone() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let socket = try await ClientSocket.connect(rig.address, on: rig.group)
            socket.send("GET /sub/vc_shop HTTP/1.1\r\nHost: h\r\n\r\n")
            await socket.wait(for: "retry: 3000")
            await socket.close()
            while rig.routes.hub.subscribers > 0 {
                rig.routes.hub.beat(now: SettingsRig.now)
                await Task.yield()
            }
        }
    }

    @Test("the boundary of a schedule is a change of its own")
    func boundary() async throws {
        let now = SettingsRig.now
        serve(4, TableEngine([:], publishedMilliseconds: now - 50_000, boundaries: [now - 20_000, now + 1]))
        let routes = SettingsRoutes(SettingsParts(directory: directory))
        let stream = try #require(
            routes.hub.subscribe(app: "shop", .updated, lastEventID: "4-\(now - 20_000)", now: now)
        )
        var pieces = stream.makeAsyncIterator()
        #expect(await pieces.next().map { String(buffer: $0) } == "retry: 3000\n\n")
        routes.hub.lookAround(now: now)
        routes.hub.lookAround(now: now + 1)
        #expect(await pieces.next().map { String(buffer: $0) }?.hasPrefix("id: 4-\(now + 1)\n") == true)
    }
}
