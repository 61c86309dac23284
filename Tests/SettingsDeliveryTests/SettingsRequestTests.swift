import HTTPSemantics
import HTTPTypes
import JSON
import SettingsDelivery
import Testing
import VitrineTesting

@Suite("settings requests")
struct SettingsRequestTests {
    private let limits = SettingsLimits()

    private func document(_ text: String) throws(SettingsProblem) -> SettingsRequest {
        try SettingsRequest(document: Array(text.utf8), limits: limits)
    }

    @Test("a body is the attributes, or has them under that name")
    func bodies() throws {
        let plain = try document(#"{"id":"u1","n":1.50}"#)
        #expect(.object(plain.attributes) == ["id": "u1", "n": 1.5] as JSONValue)
        #expect(plain.isPlain)
        let full = try document(
            #"{"attributes":{"id":"u1"},"url":"https://x/?e=1","forcedVariations":{"e":1},"#
                + #""forcedFeatures":{"a":false}}"#
        )
        #expect(.object(full.attributes) == ["id": "u1"] as JSONValue)
        #expect(full.url == "https://x/?e=1")
        #expect(.object(full.forcedVariations) == ["e": 1] as JSONValue)
        #expect(.object(full.forcedFeatures) == ["a": false] as JSONValue)
        #expect(!full.isPlain)
    }

    @Test("an attribute called attributes that is no object is an attribute")
    func attributeNamedSo() throws {
        #expect(try document(#"{"attributes":3}"#).attributes["attributes"] == 3)
    }

    @Test("an empty body has no attributes")
    func empty() throws {
        #expect(try document("").attributes.isEmpty)
        #expect(try SettingsRequest(remote: [], limits: limits).attributes.isEmpty)
    }

    @Test("forced features may be pairs, as GrowthBook's clients send a map")
    func pairs() throws {
        let body = #"{"attributes":{},"forcedFeatures":[["a",0],["b",null]]}"#
        let request = try SettingsRequest(remote: Array(body.utf8), limits: limits)
        #expect(request.forcedFeatures.members.map(\.key) == ["a", "b"])
        #expect(request.forcedFeatures["b"] == .null)
    }

    @Test(
        "what is no request is refused with a reason",
        arguments: [
            "[]", "3", "null", #"{"attributes":{},"url":3}"#, #"{"attributes":{},"forcedVariations":[]}"#,
            #"{"attributes":{},"forcedFeatures":[1]}"#, #"{"attributes":{},"qaMode":"yes"}"#,
        ]
    )
    func unsuitable(text: String) {
        let problem = #expect(throws: SettingsProblem.self) { try document(text) }
        #expect(problem?.document.status == .badRequest)
        #expect(problem?.document.slug == "bad-request")
    }

    @Test("malformed JSON is refused with its place")
    func malformed() {
        let problem = #expect(throws: SettingsProblem.self) { try document("{\"a\":\n tru}") }
        #expect(problem?.document.slug == "bad-json")
        #expect(problem?.document.detail.contains("line 2") == true)
    }

    @Test("limits hold: attributes, depth, values")
    func limited() throws {
        let many = "{" + (0..<10_000).map { "\"a\($0)\":1" }.joined(separator: ",") + "}"
        let deep = String(repeating: "{\"a\":", count: 100) + "1" + String(repeating: "}", count: 100)
        let wide = "{\"a\":[" + Array(repeating: "1", count: 100_001).joined(separator: ",") + "]}"
        for text in [many, deep, wide] {
            let problem = #expect(throws: SettingsProblem.self) { try document(text) }
            #expect(problem?.document.status == .badRequest)
        }
        let allowed = "{" + (0..<limits.attributes).map { "\"a\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try document(allowed).attributes.count == limits.attributes)
    }

    @Test("OpenFeature's targeting key is required and becomes the id")
    func targetingKey() throws {
        let body = #"{"context":{"targetingKey":"u1","plan":"pro"}}"#
        let request = try SettingsRequest(openFeature: Array(body.utf8), limits: limits)
        #expect(.object(request.attributes) == ["targetingKey": "u1", "plan": "pro", "id": "u1"] as JSONValue)
        let own = #"{"context":{"targetingKey":"u1","id":"other"}}"#
        #expect(try SettingsRequest(openFeature: Array(own.utf8), limits: limits).attributes["id"] == "other")
        let without = [#"{"context":{}}"#, #"{"context":{"targetingKey":""}}"#, #"{"context":{"targetingKey":1}}"#]
        for text in ["", "{}"] + without {
            let problem = #expect(throws: SettingsProblem.self) {
                try SettingsRequest(openFeature: Array(text.utf8), limits: limits)
            }
            #expect(problem == .targetingKeyMissing)
        }
        #expect(throws: SettingsProblem.unsuitable("\"context\" is not an object.")) {
            try SettingsRequest(openFeature: Array(#"{"context":1}"#.utf8), limits: limits)
        }
    }

    @Test("mutated bodies are read or refused, and never anything else")
    func fuzz() {
        let seeds = [
            #"{"attributes":{"id":"u","a":[1,2,{"b":null}]},"url":"/x","forcedVariations":{"e":1},"qaMode":true}"#,
            #"{"context":{"targetingKey":"u","n":1e3}}"#,
            #"{"attributes":{},"forcedFeatures":[["a",0],["b",{"c":"\ud800"}]]}"#,
        ]
        var random = SeededGenerator(seed: 41)
        for round in 0..<6_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(7), at: place)
                }
                if bytes.isEmpty { bytes = [0x7b] }
            }
            for surface in 0..<3 {
                do throws(SettingsProblem) {
                    let request =
                        switch surface {
                        case 0: try SettingsRequest(document: bytes, limits: limits)
                        case 1: try SettingsRequest(remote: bytes, limits: limits)
                        default: try SettingsRequest(openFeature: bytes, limits: limits)
                        }
                    #expect(request.attributes.count <= limits.attributes)
                } catch {
                    #expect(error.document.status == HTTPResponse.Status.badRequest)
                }
            }
        }
    }

    @Test("JSON media types are taken, others refused")
    func mediaTypes() throws {
        let good = [
            "application/json", "Application/JSON; charset=UTF-8", "application/ld+json", "application/json;q=1",
        ]
        for type in good {
            try MediaTypeCheck.check([.contentType: type])
        }
        try MediaTypeCheck.check([:])
        for type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""] {
            let problem = #expect(throws: SettingsProblem.self) { try MediaTypeCheck.check([.contentType: type]) }
            #expect(problem?.document.status == .unsupportedMediaType)
        }
        #expect(throws: SettingsProblem.contentCoding("gzip")) {
            try MediaTypeCheck.check([.contentType: "application/json", .contentEncoding: "gzip"])
        }
    }

    @Test("a key comes in X-API-Key or as a bearer")
    func keys() {
        #expect(PresentedKey.inFields([.xAPIKey: "a", .authorization: "Bearer b"]) == "a")
        #expect(PresentedKey.inFields([.authorization: "bearer  b"]) == "b")
        #expect(PresentedKey.inFields([.authorization: "Basic b"]) == nil)
        #expect(PresentedKey.inFields([.authorization: "Bearer"]) == nil)
        #expect(PresentedKey.inFields([:]) == nil)
    }
}
