import Compression
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import SettingsDelivery
import Testing

@Suite("settings answers")
struct AnswerTests {
    @Test("a preflight allows what was asked for, if it is a list of names")
    func preflight() {
        var request = HTTPRequest(method: .options, scheme: "http", authority: "h", path: "/sub/a")
        request.headerFields[.accessControlRequestHeaders] = "x-api-key, x-mine"
        let answer = CrossOrigin.preflight(request, methods: "POST")
        #expect(answer.status == .noContent)
        #expect(answer.headerFields[.accessControlAllowOrigin] == "*")
        #expect(answer.headerFields[.accessControlAllowMethods] == "POST, OPTIONS")
        #expect(answer.headerFields[.accessControlAllowHeaders] == "x-api-key, x-mine")
        request.headerFields[.accessControlRequestHeaders] = "a;b"
        let other = CrossOrigin.preflight(request, methods: "POST").headerFields[.accessControlAllowHeaders]
        #expect(other?.contains("X-API-Key") == true)
        #expect(other?.contains(";") == false)
    }

    @Test("a result is known by its tag in any coding, and by no other")
    func tags() {
        #expect(ResultTag.value("\"a\"", coding: nil) == "\"a\"")
        #expect(ResultTag.value("\"a\"", coding: "zstd") == "\"a-zstd\"")
        #expect(ResultTag.isKnown("\"a\"", to: "\"a\""))
        #expect(ResultTag.isKnown("\"a\"", to: "\"b\", W/\"a-gzip\""))
        #expect(ResultTag.isKnown("\"a\"", to: "*"))
        #expect(!ResultTag.isKnown("\"a\"", to: "\"a-other\""))
        #expect(!ResultTag.isKnown("\"a\"", to: "\"b\""))
        #expect(!ResultTag.isKnown("\"a\"", to: nil))
    }

    @Test("a resolved flag has its variant and reason always, its value unless the code's default counts")
    func flagText() {
        func text(_ flag: FlagResolution) -> String {
            var bytes: [UInt8] = []
            FlagText.write(flag, into: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        let value = FlagResolution(name: "a\"b", value: Array("1.0".utf8), reason: .split, variant: "v")
        #expect(text(value) == #"{"key":"a\"b","value":1.0,"reason":"SPLIT","variant":"v"}"#)
        let none = FlagResolution(name: "a", value: nil, reason: .disabled, variant: "default")
        #expect(text(none) == #"{"key":"a","reason":"DISABLED","variant":"default"}"#)
        let bad = FlagResolution(name: "a", value: nil, reason: .unknown, variant: "", failure: "no \"way\"")
        #expect(text(bad) == #"{"key":"a","errorCode":"GENERAL","errorDetails":"no \"way\""}"#)
    }

    @Test("the stream's address is the node's own, else the one that was asked, else a path")
    func addresses() {
        var request = HTTPRequest(method: .post, scheme: "http", authority: "h:80", path: "/ofrep/v1/evaluate/flags")
        func text(_ origin: String?) -> String {
            var bytes: [UInt8] = []
            StreamAddress(channel: "c", publicOrigin: origin, request: request).write(into: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(text("https://s.example") == #""url":"https://s.example/ofrep/v1/events/c""#)
        #expect(text(nil) == #""url":"http://h:80/ofrep/v1/events/c""#)
        request.headerFields[.xForwardedProto] = "https"
        #expect(text(nil) == #""url":"https://h:80/ofrep/v1/events/c""#)
        request.authority = "h\"x"
        #expect(text(nil) == #""endpoint":{"requestUri":"/ofrep/v1/events/c"}"#)
        request.authority = nil
        #expect(text(nil) == #""endpoint":{"requestUri":"/ofrep/v1/events/c"}"#)
    }

    @Test("the refetch event is a message whose data say what to do")
    func refetch() {
        let event = FlagText.refetch(id: "7", configuration: "ab-7", sinceMilliseconds: 1_771_622_898_123)
        #expect(
            String(buffer: event.bytes)
                == "id: 7\nevent: message\n"
                + #"data: {"type":"refetchEvaluation","etag":"ab-7","lastModified":1771622898}"# + "\n\n"
        )
    }

    @Test("a channel's name says nothing of the key and is the same everywhere")
    func channel() {
        let digest = ContentDigest(bytes: [UInt8](repeating: 7, count: 32))
        let name = EventChannel.name(ofKey: digest)
        #expect(name.count == 32)
        #expect(name == EventChannel.name(ofKey: digest))
        #expect(!digest.hex.contains(name))
        #expect(name != EventChannel.name(ofKey: ContentDigest(bytes: [UInt8](repeating: 8, count: 32))))
    }

    @Test("every problem has a status, a slug and a text")
    func problems() {
        let all: [SettingsProblem] = [
            .keyRequired, .keyUnknown, .keyOfAnotherApp, .keyIsPublic, .appUnknown("x"), .dictionaryUnknown, .notLoaded,
            .method(allowed: "POST"), .mediaType("a/b"), .contentCoding("br"), .bodyTooLarge(limit: 1), .bodyTooSlow,
            .bodyCutOff, .malformed("m"), .unsuitable("u"), .targetingKeyMissing,
            .tooManyRequests(retryAfterSeconds: 3),
            .tooManySubscribers,
        ]
        for problem in all {
            #expect((400..<600).contains(problem.document.status.code))
            #expect(!problem.document.slug.isEmpty && !problem.document.detail.isEmpty)
        }
        #expect(SettingsProblem.tooManyRequests(retryAfterSeconds: 3).document.fields[.retryAfter] == "3")
        #expect(SettingsProblem.appUnknown(String(repeating: "x", count: 9_999)).document.detail.utf8.count < 200)
    }
}
