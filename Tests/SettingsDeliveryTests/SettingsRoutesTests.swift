import Compression
import Fleet
import HTTPSemantics
import JSON
import NIOCore
import SettingsDelivery
import Synchronization
import Testing

@Suite("settings routes")
struct SettingsRoutesTests {
    private let directory = TestDirectory()
    private let engine = TableEngine(["dark": false, "size": 3, "note": nil])

    private var parts: SettingsParts {
        directory.put(
            ServedApp(name: "shop", number: 4, engine: engine),
            keys: ["vc_shop": false, "vs_shop": true]
        )
        directory.put(
            ServedApp(name: "other", number: 1, engine: TableEngine(["x": 1])),
            keys: ["vc_other": false]
        )
        return SettingsParts(directory: directory)
    }

    private let key = ["X-API-Key": "vc_shop"]

    @Test("attributes in, document out, with its tag, its state and its release")
    func document() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let reply = try await rig.ask("POST", "/v1/settings/shop", key, body: #"{"size":1.50}"#)
            #expect(reply.status == 200)
            #expect(reply.text == #"{"dark":false,"size":1.50,"note":null}"#)
            #expect(reply.fields["content-type"] == "application/json")
            #expect(reply.fields["etag"]?.hasPrefix("\"") == true)
            #expect(reply.fields["vitrine-state"]?.isEmpty == false)
            #expect(reply.fields["vitrine-settings"] == #""shop";number=4;record="abababababababab""#)
            #expect(reply.fields["access-control-allow-origin"] == "*")
            #expect(reply.fields["cache-control"] == "private, no-cache")
        }
    }

    @Test("who has the result gets a 304; other attributes never do")
    func notModified() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let first = try await rig.ask("POST", "/v1/settings/shop", key, body: #"{"size":1}"#)
            let tag = try #require(first.fields["etag"])
            var fields = key
            fields["If-None-Match"] = tag
            let again = try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"size":1,"age":9}"#)
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again.fields["etag"] == tag)
            #expect(again.fields["vitrine-state"] == first.fields["vitrine-state"])
            let other = try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"size":2}"#)
            #expect(other.status == 200)
        }
    }

    @Test("who says what it holds gets what changed; who says nonsense gets everything")
    func delta() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let first = try await rig.ask("POST", "/v1/settings/shop", key, body: #"{"size":1}"#)
            var fields = key
            fields["Vitrine-State"] = first.fields["vitrine-state"]
            let changed = try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"size":2}"#)
            #expect(changed.fields["vitrine-delta"] == "1")
            #expect(changed.text == #"{"changed":{"size":2},"removed":[]}"#)
            fields["Vitrine-State"] = "nonsense"
            let whole = try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"size":2}"#)
            #expect(whole.fields["vitrine-delta"] == nil)
            #expect(whole.text.contains("dark"))
        }
    }

    @Test("answers are compressed as the client likes")
    func compressed() async throws {
        let long = String(repeating: "abcdefgh", count: 500)
        directory.put(
            ServedApp(name: "long", number: 1, engine: TableEngine(["text": .text(long)])),
            keys: ["vc_long": false]
        )
        try await SettingsRig.run(SettingsParts(directory: directory)) { (rig) async throws in
            for (asked, coding) in [("gzip", ContentCoding.gzip), ("zstd, gzip", .zstd), ("br;q=1, gzip;q=0.5", .br)] {
                let fields = ["X-API-Key": "vc_long", "Accept-Encoding": asked]
                let reply = try await rig.ask("POST", "/v1/settings/long", fields, body: "{}")
                #expect(reply.fields["content-encoding"] == coding.rawValue)
                #expect(reply.fields["vary"]?.contains("Accept-Encoding") == true)
                #expect(reply.body.count < 500)
                #expect(reply.fields["etag"]?.hasSuffix("-\(coding.rawValue)\"") == true)
                let plain = try Decompressor.decompress(reply.body, from: coding, bytesMax: 10_000)
                #expect(String(decoding: plain, as: UTF8.self) == "{\"text\":\"\(long)\"}")
                var known = fields
                known["If-None-Match"] = reply.fields["etag"]
                #expect(try await rig.ask("POST", "/v1/settings/long", known, body: "{}").status == 304)
            }
        }
    }

    @Test("when too many compress already, what was compressed at publish time is sent")
    func packed() async throws {
        var parts = parts
        parts.encoder = AnswerEncoder(concurrent: 0)
        try await SettingsRig.run(parts) { (rig) async throws in
            var fields = key
            fields["Accept-Encoding"] = "gzip, zstd"
            let reply = try await rig.ask("POST", "/v1/settings/shop", fields, body: "{}")
            #expect(reply.fields["content-encoding"] == "zstd")
            #expect(reply.text.hasPrefix("zstd:"))
            fields["Accept-Encoding"] = "br"
            let plain = try await rig.ask("POST", "/v1/settings/shop", fields, body: "{}")
            #expect(plain.fields["content-encoding"] == nil)
            #expect(rig.routes.parts.metrics.requests(.document, .packed) == 1)
        }
    }

    @Test("keys open their own app only")
    func tenants() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let cases: [(path: String, key: String?, status: Int, slug: String)] = [
                ("/v1/settings/shop", nil, 401, "key-required"), ("/v1/settings/shop", "wrong", 401, "key-unknown"),
                ("/v1/settings/shop", "vc_other", 403, "key-of-another-app"),
                ("/v1/settings/none", "vc_shop", 403, "key-of-another-app"),
                ("/v1/settings/none", nil, 401, "key-required"),
            ]
            for item in cases {
                let fields = item.key.map { ["X-API-Key": $0] } ?? [:]
                let reply = try await rig.ask("POST", item.path, fields, body: "{}")
                #expect(reply.status == item.status)
                #expect(reply.text.contains("/problems/\(item.slug)\""))
                #expect(reply.fields["content-type"] == "application/problem+json")
            }
            let bearer = ["Authorization": "Bearer vc_shop"]
            #expect(try await rig.ask("POST", "/v1/settings/shop", bearer, body: "{}").status == 200)
            #expect(try await rig.ask("POST", "/v1/settings/vc_shop", body: "{}").status == 200)
        }
    }

    @Test("in unsafe mode the app's name is a key, and an unknown one is not found")
    func unsafeMode() async throws {
        var parts = parts
        parts.acceptsNames = true
        try await SettingsRig.run(parts) { (rig) async throws in
            #expect(try await rig.ask("POST", "/v1/settings/shop", body: "{}").status == 200)
            #expect(try await rig.ask("GET", "/api/features/shop").status == 200)
            #expect(try await rig.ask("POST", "/api/eval/shop", body: "{}").status == 200)
            let reply = try await rig.ask("POST", "/v1/settings/none", body: "{}")
            #expect(reply.status == 404)
            #expect(reply.text.contains("app-unknown"))
        }
    }

    @Test("bad bodies get a clear 4xx")
    func badBodies() async throws {
        try await SettingsRig.run(parts) { (rig) async throws in
            let path = "/v1/settings/shop"
            #expect(try await rig.ask("POST", path, key, body: "{").status == 400)
            #expect(try await rig.ask("POST", path, key, body: "[1]").status == 400)
            let form = key.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 }
            #expect(try await rig.ask("POST", path, form, body: "a=1").status == 415)
            let large = key.merging(["Content-Length": "10485760"]) { $1 }
            #expect(try await rig.ask("POST", path, large, body: "{").status == 413)
            #expect(try await rig.ask("GET", path, key).status == 405)
            #expect(try await rig.ask("GET", path, key).fields["allow"] == "POST, OPTIONS")
            let long = "{\"a\":\"" + String(repeating: "x", count: (1 << 20) + 1) + "\"}"
            #expect(try await rig.ask("POST", path, key, body: long).status == 413)
            #expect(try await rig.ask("OPTIONS", path).status == 204)
            #expect(try await rig.ask("GET", "/elsewhere").status == 418)
        }
    }

    @Test("an app that asks too often is told when to come back")
    func rates() async throws {
        var parts = parts
        let rates = AppRates(policy: RatePolicy(name: "app", perSecond: 1, burst: 2))
        parts.admits = { rates.admit($0, at: $1) }
        try await SettingsRig.run(parts) { (rig) async throws in
            #expect(try await rig.ask("POST", "/v1/settings/shop", key, body: "{}").status == 200)
            #expect(try await rig.ask("POST", "/v1/settings/shop", key, body: "{}").status == 200)
            let reply = try await rig.ask("POST", "/v1/settings/shop", key, body: "{}")
            #expect(reply.status == 429)
            #expect(reply.fields["retry-after"] == "1")
            let other = ["X-API-Key": "vc_other"]
            #expect(try await rig.ask("POST", "/v1/settings/other", other, body: "{}").status == 200)
        }
    }
}
