import HTTPTypes
import Metering
import NIOCore
import Testing

@Suite("Events whose attributes are header fields")
struct BinaryEventTests {
    private func fields(_ changes: [String: String?] = [:]) throws -> HTTPFields {
        var all: [String: String] = [
            "ce-specversion": "1.0", "ce-id": "e-1", "ce-source": "/apps/editor", "ce-type": "com.vitrine.usage.v1",
            "ce-time": "2026-11-21T09:30:00.125Z", "content-type": "application/json", "user-agent": "test",
        ]
        for (name, value) in changes { all[name] = value }
        var fields = HTTPFields()
        for (name, value) in all { fields[try #require(HTTPField.Name(name))] = value }
        return fields
    }

    private let data =
        #"{"content_id":"c-1","content_type":"photo","creator_id":"m-1","user_id":"u-1","action":"export"}"#

    private func line(_ fields: HTTPFields, _ body: String) throws -> String {
        let event = try BinaryEvent.structured(fields, body: Array(body.utf8))
        return String(buffer: try Sample.decode(String(decoding: event, as: UTF8.self), as: .binary).lines)
    }

    @Test("the event is the structured one with the same attributes")
    func same() throws {
        let structured = String(buffer: try Sample.decode(Sample.use()).lines)
        #expect(try line(fields(), " " + data + "\n") == structured)
        let numbered = String(buffer: try Sample.decode(Sample.use(["level": "7"])).lines)
        let columns = CSV.rows(try line(fields(["ce-level": "7"]), data))[0]
        #expect(columns[2] == CSV.rows(numbered)[0][2])
        #expect(columns[18] == #"{"attributes":{"level":"7"}}"#)
    }

    @Test("values are taken out of quotes and percent-encoding")
    func decoding() throws {
        for (value, expected) in [
            ("caf%C3%A9", "café"), ("caf%c3%a9", "café"), (#""quoted""#, "quoted"), (#""a\"b""#, #"a"b"#),
            ("100%25", "100%"),
            ("a%20b", "a b"), ("a b", "a b"), (#""%22""#, #"""#), (#"""#, #"""#),
        ] {
            #expect(CSV.rows(try line(fields(["ce-id": value]), data))[0][4] == expected, "\(value)")
        }
    }

    @Test("values that cannot be decoded are refused by name", arguments: ["%", "%4", "%zz", "%FF", "%ED%A0%80", "é"])
    func undecodable(value: String) throws {
        let fields = try fields(["ce-id": value])
        #expect(throws: IntakeProblem.header("ce-id")) { try line(fields, data) }
    }

    @Test("a body cannot bring attributes along")
    func injection() throws {
        for body in [data + #","tenant":"x""#, data + "}", "{", "", data + data] where !body.isEmpty {
            #expect {
                _ = try line(fields(), body)
            } throws: { error in
                if case .malformed? = error as? IntakeProblem { true } else { false }
            }
        }
    }

    @Test("an event without a body has no data, and data is no header field")
    func bodies() throws {
        let event = try BinaryEvent.structured(fields(), body: [])
        #expect(try Sample.fault(String(decoding: event, as: UTF8.self))?.code == .missing)
        let twice = try fields(["ce-data": "{}"])
        #expect(throws: IntakeProblem.header("ce-data")) { try line(twice, data) }
        let typed = try BinaryEvent.structured(
            fields(["ce-datacontenttype": "application/json"]),
            body: Array(data.utf8)
        )
        #expect(try Sample.fault(String(decoding: typed, as: UTF8.self))?.code == .duplicate)
    }

    @Test("a repeated attribute is refused")
    func repeated() throws {
        var fields = try fields()
        fields.append(HTTPField(name: try #require(HTTPField.Name("CE-ID")), value: "e-2"))
        let event = try BinaryEvent.structured(fields, body: Array(data.utf8))
        #expect(try Sample.fault(String(decoding: event, as: UTF8.self))?.code == .duplicate)
    }
}
