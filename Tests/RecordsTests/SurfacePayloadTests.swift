import JSON
import Settings
import Testing

@Suite("Payloads for SDKs")
struct SurfacePayloadTests {
    private static let project = #"""
        {"savedGroups": {"g": ["1"]}, "x-sticky": false, "features": {
          "exp": {"defaultValue": 0, "x-owner": "me", "rules": [
            {"condition": {"secret": 1}, "force": 5},
            {"condition": {"id": {"$exists": true}}, "key": "e", "name": "E", "phase": "2", "seed": "hidden",
             "weights": [0, 1], "variations": ["left", {"b": 1.0}],
             "meta": [{"key": "l"}, {"key": "r", "name": "R"}]}]},
          "falsy": {"defaultValue": false},
          "empty": {"rules": []},
          "child": {"defaultValue": "", "rules": [
            {"parentConditions": [{"id": "exp", "condition": {"value": {"b": 1}}}], "force": null}]},
          "timed": {"defaultValue": 1, "rules": [
            {"x-schedule": {"from": "2030-01-01T00:00:00Z", "until": "2031-01-01T00:00:00Z"}, "force": 2},
            {"x-kill": true, "force": 3}]},
          "killed": {"x-kill": true, "defaultValue": 1, "rules": [{"force": 2}]}
        }}
        """#

    @Test("remote evaluation gives every value and the tracks, and nothing of the rules")
    func remoteEvaluation() throws {
        let release = try Compiled.loaded(Self.project)
        let bytes = RemoteEvaluation(release.evaluate(Compiled.context(["id": "u"]))).bytes()
        let answer = try Compiled.value(bytes)
        let features = answer["features"]
        #expect(features?["falsy"] == ["defaultValue": false])
        #expect(features?["empty"] == ["defaultValue": nil])
        #expect(features?["exp"]?["defaultValue"] == ["b": 1.0])
        let rule = features?["exp"]?["rules"]?.array?.first
        #expect(rule?["force"] == ["b": 1.0])
        let track = rule?["tracks"]?.array?.first
        #expect(
            track?["experiment"] == [
                "key": "e", "name": "E", "phase": "2", "hashAttribute": "id", "variations": [[:], ["b": 1]],
            ]
        )
        var result = track?["result"]?.object ?? JSONObject()
        #expect(result["bucket"]?.double != nil)
        result["bucket"] = nil
        #expect(
            .object(result) == [
                "key": "r", "featureId": "exp", "inExperiment": true, "hashUsed": true, "variationId": 1,
                "hashAttribute": "id", "hashValue": "u", "stickyBucketUsed": false, "name": "R", "value": ["b": 1],
            ]
        )
        #expect(answer["experiments"] == [])
        let text = String(decoding: bytes, as: UTF8.self)
        for hidden in ["secret", "hidden", "left", "weights", "condition"] { #expect(!text.contains(hidden)) }
        #expect(text.contains(#"{"b":1.0}"#), "authored spelling")
    }

    @Test("a setting tracks the experiments of its prerequisites")
    func prerequisiteTracks() throws {
        let release = try Compiled.loaded(Self.project)
        let answer = try Compiled.value(
            RemoteEvaluation(release.evaluate(Compiled.context(["id": "u"]))).bytes()
        )
        let tracks = answer["features"]?["child"]?["rules"]?.array?.first?["tracks"]?.array
        #expect(tracks?.count == 1)
        #expect(tracks?.first?["result"]?["featureId"] == "exp")
    }

    @Test("SDKs get the rules without what they do not know")
    func payload() throws {
        let payload = try SDKPayload(source: SettingsRecord(.source, bytes: Array(Self.project.utf8)))
        let body = payload.body(at: Compiled.now)
        let answer = try Compiled.value(body)
        #expect(answer["features"]?["timed"] == ["defaultValue": 1, "rules": []])
        #expect(answer["features"]?["killed"] == ["defaultValue": 1])
        #expect(answer["savedGroups"] == ["g": ["1"]])
        #expect(!String(decoding: body, as: UTF8.self).contains("x-"))
        let from = try #require(payload.validUntil(from: Compiled.now))
        #expect(from == 1_893_456_000_000)
        #expect(try Compiled.value(payload.body(at: from))["features"]?["timed"]?["rules"] == [["force": 2]])
        let until = try #require(payload.validUntil(from: from))
        #expect(payload.validUntil(from: until) == nil)
    }
}
