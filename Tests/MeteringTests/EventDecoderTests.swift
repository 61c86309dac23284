import Crypto
import Metering
import NIOCore
import Testing

@Suite("Events to lines")
struct EventDecoderTests {
    @Test("a use has its columns in order, and NULL where it says nothing")
    func columns() throws {
        let columns = try Sample.columns(Sample.use())
        #expect(columns.count == 19)
        #expect(
            columns[3...].map { $0 ?? "NULL" } == [
                "/apps/editor", "e-1", "com.vitrine.usage.v1", "1795253400125000", "1795253401000000", "c-1", "photo",
                "m-1", "u-1", "export", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL",
            ]
        )
    }

    @Test("the identity is 128 bits of the SHA-256 of source and id, told apart by the source's length")
    func identity() throws {
        let columns = try Sample.columns(Sample.use())
        var hashed: [UInt8] = [0, 0, 0, 12]
        hashed += "/apps/editore-1".utf8
        let digest = Array(SHA256.hash(data: hashed))
        let words = [digest[0..<8], digest[8..<16]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        #expect(columns[0] == String(Int64(bitPattern: words[0])))
        #expect(columns[1] == String(Int64(bitPattern: words[1])))
        let shifted = try Sample.columns(Sample.use(["source": #""/apps/editore""#, "id": #""-1""#]))
        #expect(shifted[0] != columns[0])
    }

    @Test("optional members have columns, and the trace is the trace's id")
    func optional() throws {
        let event = Sample.use(
            ["traceparent": #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#],
            data: ["brand_id": #""b""#, "template_id": #""t""#, "country": #""NZ""#, "plan": #""pro""#]
        )
        let columns = try Sample.columns(event)
        #expect(columns[13...16] == ["b", "t", "NZ", "pro"])
        #expect(columns[17] == "0af7651916cd43dd8448eb211c80319c")
        #expect(columns[18] == nil)
    }

    @Test(
        "a trace that is none stays an attribute",
        arguments: [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "",
        ]
    )
    func oddTrace(trace: String) throws {
        let columns = try Sample.columns(Sample.use(["traceparent": "\"\(trace)\""]))
        #expect(columns[17] == nil)
        #expect(columns[18] == #"{"attributes":{"traceparent":"\#(trace)"}}"#)
    }

    @Test("what has no column is kept in the rest, as it was spelled but for white space")
    func rest() throws {
        let event = Sample.use(
            ["tenant": #""acme""#, "partition": "7", "flag": "true", "gone": "null", "tracestate": #""a=b""#],
            data: ["pixels": " [ 1.0 , 2e3 ]", "note": #""line\nbreak, \"quoted\"""#, "nothing": "null"]
        )
        let columns = try Sample.columns(event)
        #expect(
            columns[18] == #"{"data":{"note":"line\nbreak, \"quoted\"","nothing":null,"pixels":[1.0,2e3]},"#
                + #""attributes":{"flag":true,"partition":7,"tenant":"acme","tracestate":"a=b"}}"#
        )
    }

    @Test("texts with commas and quotes are quoted, and come back as they were")
    func quoting() throws {
        let event = Sample.use(
            ["id": #""a,b""#],
            data: ["content_id": #""say \"hi\"""#, "plan": #""h\u00e9 \ud83d\ude00""#]
        )
        let batch = try Sample.decode(event)
        let columns = CSV.rows(String(buffer: batch.lines))[0]
        #expect(columns[4] == "a,b")
        #expect(columns[8] == #"say "hi""#)
        #expect(columns[16] == "h\u{e9} 😀")
        #expect(String(buffer: batch.lines).hasSuffix("\n"))
    }

    @Test("members are found whatever their order, spelling and space")
    func spelling() throws {
        let event = """
             { "data" : {"user_id":"u-1","action":"export","creator_id":"m-1","content_type":"photo",
            "\\u0063ontent_id":"c-1"} ,\t"time":"2026-11-21T09:30:00.125000+00:00", "type":"com.vitrine.usage.v1",
            "s\\u006furce":"\\/apps\\/editor", "i\\u0064":"e-1", "specversion" : "1.0" }\r\n
            """
        #expect(try Sample.columns(event) == Sample.columns(Sample.use()))
    }

    @Test("events of other known types need neither data nor time")
    func otherTypes() throws {
        for type in ["com.vitrine.delivery.v1", "com.vitrine.exposure.v1", "vitrine.exposure"] {
            let event = Sample.use(["type": "\"\(type)\"", "data": nil, "time": nil])
            let columns = try Sample.columns(event)
            #expect(columns[5] == type)
            #expect(columns[6] == String(Sample.received))
            #expect(columns[8...12].allSatisfy { $0 == nil })
        }
    }

    @Test("a batch keeps its valid events and says why the others are refused")
    func batch() throws {
        let events = [Sample.use(), Sample.use(["id": nil]), "7", Sample.use(["id": #""e-2""#])]
        let batch = try Sample.decode("[" + events.joined(separator: " , ") + "]", as: .batch, keepsAll: true)
        #expect(batch.accepted == 2)
        #expect(batch.refused == 2)
        #expect(batch.verdicts.map(\.id) == ["e-1", nil, nil, "e-2"])
        #expect(batch.verdicts.map(\.fault?.code) == [nil, .missing, .json, nil])
        #expect(CSV.rows(String(buffer: batch.lines)).map { $0[4] } == ["e-1", "e-2"])
    }

    @Test("an empty batch has no events, and that is no mistake")
    func empty() throws {
        #expect(try Sample.decode(" [ ] ", as: .batch) == EventBatch())
        #expect(try Sample.decode("\n\r\n  \n", as: .lines) == EventBatch())
    }

    @Test("a broken line does not spoil the lines around it")
    func lines() throws {
        let body = [
            Sample.use(), "{\"id\":", "", Sample.use(["id": #""e-2""#]) + " x", "\r", Sample.use(["id": #""e-3""#]),
        ]
        let batch = try Sample.decode(body.joined(separator: "\n"), as: .lines)
        #expect(batch.accepted == 2)
        #expect(batch.verdicts.map(\.index) == [1, 2])
        #expect(batch.verdicts.map(\.fault?.code) == [.json, .json])
        #expect(CSV.rows(String(buffer: batch.lines)).map { $0[4] } == ["e-1", "e-3"])
    }

    @Test(
        "a body that is not JSON as a whole is refused as a whole",
        arguments: [
            "", "[", "[{}", "[{},]", "[{}]x", "{}", "[{]}", "[{\"a\":01}]", "[{\"a\":1.}]", "[{\"a\":tru}]", "[\u{1}]",
            "[{\"a\":\"\u{1}\"}]", "[{\"a\":\"\\x\"}]", "[{\"a\":\"\\u12g4\"}]", "[{\"a\" 1}]", "[{a:1}]",
            "[{\"a\":[1,]}]",
            "[{\"a\":{\"b\":1,}}]", "\u{feff}[]", "[{\"a\":+1}]", "[{\"a\":1e}]", "[{\"a\":NaN}]", "[{\"a\":'b'}]",
        ]
    )
    func broken(body: String) {
        #expect {
            _ = try Sample.decode(body, as: .batch)
        } throws: { error in
            if case .malformed? = error as? IntakeProblem { true } else { false }
        }
    }

    @Test("more events than may come at once are refused before any is kept")
    func tooMany() throws {
        var limits = EventLimits()
        limits.events = 3
        let three = Array(repeating: Sample.use(), count: 3)
        #expect(try Sample.decode("[" + three.joined(separator: ",") + "]", as: .batch, limits: limits).accepted == 3)
        #expect(throws: IntakeProblem.tooManyEvents(limit: 3)) {
            try Sample.decode("[" + (three + ["1"]).joined(separator: ",") + "]", as: .batch, limits: limits)
        }
        #expect(throws: IntakeProblem.tooManyEvents(limit: 3)) {
            try Sample.decode((three + ["1"]).joined(separator: "\n"), as: .lines, limits: limits)
        }
    }
}
