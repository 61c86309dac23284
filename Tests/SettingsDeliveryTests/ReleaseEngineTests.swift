import DeliveryTypes
import JSON
import Settings
import SettingsDelivery
import Testing

@Suite("released settings over HTTP")
struct ReleaseEngineTests {
    private static let project = #"""
        {"features":{
          "plain":{"defaultValue":1.0},
          "dark":{"defaultValue":false,"rules":[{"id":"beta","condition":{"plan":"beta"},"force":true}]},
          "off":{"defaultValue":0,"x-kill":true,"rules":[{"force":1}]},
          "nothing":{"defaultValue":null},
          "colour":{"defaultValue":"grey","rules":[
            {"key":"colours","hashAttribute":"id","variations":["red","red"],"weights":[0.5,0.5],
             "meta":[{"key":"a"},{"key":"b"}],"coverage":1}]}
        }}
        """#

    private let directory = TestDirectory()

    private func parts() throws -> SettingsParts {
        let compiled = try ReleaseCompiler().compile(Array(Self.project.utf8))
        let bytes = Dictionary(compiled.records.map { ($0.digest, $0.bytes) }) { first, _ in first }
        let engine = ReleaseEngine(try LoadedRelease(compiled), publishedMilliseconds: 1_771_622_898_000) { reference in
            bytes[reference.digest]
        }
        directory.put(ServedApp(name: "shop", number: 1, engine: engine), keys: ["vc": false, "vs": true])
        return SettingsParts(directory: directory)
    }

    private let key = ["X-API-Key": "vc"]

    @Test("the document has every setting in its authored spelling")
    func document() async throws {
        try await SettingsRig.run(try parts()) { (rig) async throws in
            let reply = try await rig.ask("POST", "/v1/settings/shop", key, body: #"{"id":"u","plan":"beta"}"#)
            #expect(reply.text.contains(#""plain":1.0"#))
            let document = try JSONParser().value(from: reply.body)
            #expect(document == ["plain": 1.0, "dark": true, "off": 0, "nothing": nil, "colour": "red"])
            var fields = key
            fields["If-None-Match"] = reply.fields["etag"]
            #expect(
                try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"id":"u","plan":"beta"}"#).status == 304
            )
            #expect(try await rig.ask("POST", "/v1/settings/shop", fields, body: #"{"id":"u"}"#).status == 200)
            let state = ["X-API-Key": "vc", "Vitrine-State": reply.fields["vitrine-state"] ?? ""]
            let delta = try await rig.ask("POST", "/v1/settings/shop", state, body: #"{"id":"u"}"#)
            #expect(delta.text == #"{"changed":{"dark":false},"removed":[]}"#)
        }
    }

    @Test("flags have the reasons and variants of their rules, alone and in bulk")
    func flags() async throws {
        try await SettingsRig.run(try parts()) { (rig) async throws in
            let body = #"{"context":{"targetingKey":"u","plan":"beta"}}"#
            let bulk = try JSONParser().value(
                from: await rig.ask("POST", "/ofrep/v1/evaluate/flags", key, body: body).body
            )
            let all = try #require(bulk["flags"]?.array)
            let expected: [(String, String, String?)] = [
                ("plain", "STATIC", "default"), ("dark", "TARGETING_MATCH", "beta"), ("off", "DISABLED", "default"),
                ("nothing", "STATIC", "default"), ("colour", "SPLIT", nil),
            ]
            for (name, reason, variant) in expected {
                let flag = try #require(all.first { $0["key"]?.string?.text == name })
                #expect(flag["reason"]?.string?.text == reason)
                if let variant { #expect(flag["variant"]?.string?.text == variant) }
                let one = try await rig.ask("POST", "/ofrep/v1/evaluate/flags/\(name)", key, body: body)
                #expect(try JSONParser().value(from: one.body) == flag)
            }
            #expect(all.first { $0["key"] == "nothing" }?["value"] == nil)
        }
    }

    @Test("server keys get features without our own keys, client keys values with tracks and no rule")
    func growthBook() async throws {
        try await SettingsRig.run(try parts()) { (rig) async throws in
            let features = try await rig.ask("GET", "/api/features/vs")
            #expect(features.status == 200)
            #expect(features.text.contains("condition"))
            #expect(!features.text.contains("x-kill"))
            let remote = try await rig.ask("POST", "/api/eval/vc", body: #"{"attributes":{"id":"u"}}"#)
            #expect(remote.text.contains(#""off":{"defaultValue":0}"#))
            #expect(remote.text.contains(#""tracks":[{"experiment":{"key":"colours""#))
            for secret in ["condition", "weights", "coverage", "beta"] { #expect(!remote.text.contains(secret)) }
        }
    }
}
