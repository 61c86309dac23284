import Metering
import Testing

@Suite("Events that are refused")
struct EventRefusalTests {
    @Test("every required attribute and member is missed, also when it is null")
    func missing() throws {
        for name in ["specversion", "id", "source", "type", "time", "data"] {
            for value in [nil, "null"] as [String?] {
                let fault = try Sample.fault(Sample.use([name: value]))
                #expect(fault?.code == .missing, "\(name)")
                #expect(fault?.reason.contains("\"\(name)\"") == true)
            }
        }
        for name in ["content_id", "content_type", "creator_id", "user_id", "action"] {
            for value in [nil, "null"] as [String?] {
                #expect(try Sample.fault(Sample.use(data: [name: value]))?.code == .missing, "\(name)")
            }
        }
    }

    @Test("a text must be a text")
    func types() throws {
        for value in ["7", "true", "[]", "{}"] {
            for name in ["id", "source", "type", "time", "specversion", "datacontenttype", "traceparent"] {
                #expect(try Sample.fault(Sample.use([name: value]))?.code == .value, "\(name)")
            }
            for name in ["content_id", "user_id", "plan", "country"] {
                #expect(try Sample.fault(Sample.use(data: [name: value]))?.code == .value, "\(name)")
            }
        }
    }

    @Test("texts have 1 to 256 bytes and no control characters")
    func texts() throws {
        for name in ["id", "source"] {
            try expectText { Sample.use([name: $0]) }
        }
        for name in [
            "content_id", "content_type", "creator_id", "user_id", "action", "brand_id", "template_id", "country",
            "plan",
        ] {
            try expectText { Sample.use(data: [name: $0]) }
        }
    }

    private func expectText(_ event: (String) -> String) throws {
        let most = String(repeating: "é", count: 128)
        #expect(try Sample.fault(event("\"\(most)\"")) == nil)
        for text in [#""""#, "\"\(most)x\"", #""a\nb""#, #""\u0000""#, #""a\u007f""#, "\"a\u{7f}\""] {
            #expect(try Sample.fault(event(text))?.code == .text, "\(text)")
        }
    }

    @Test("a name that is there twice is refused, wherever it is and however it is spelled")
    func duplicates() throws {
        let use = Sample.use()
        for twice in [
            #""id":"e-1""#, #""i\u0064":"e-1""#, #""data":null"#, #""specversion":"1.0""#, #""a":1,"a":1"#,
            #""a":null,"\u0061":1"#, #""data_base64":"","data_base64":"""#,
        ] {
            let event = use.dropLast() + ",\(twice)}"
            #expect(try Sample.fault(String(event))?.code == .duplicate, "\(twice)")
        }
        for data in [#""user_id":"u-1""#, #""x":1,"x":1"#, #""x":{"y":1,"y":2}"#, #""x":[{"y":{"z":1,"\u007a":1}}]"#] {
            let event = use.replacing(#""data":{"#, with: #""data":{\#(data),"#)
            #expect(try Sample.fault(event)?.code == .duplicate, "\(data)")
        }
    }

    @Test("surrogates come in pairs, in names and in values")
    func surrogates() throws {
        for text in [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\udc00\ud800""#] {
            #expect(try Sample.fault(Sample.use(["id": text]))?.code == .json)
            #expect(try Sample.fault(Sample.use(["other": text]))?.code == .json)
            #expect(try Sample.fault(Sample.use(data: ["other": text]))?.code == .json)
            #expect(try Sample.fault(Sample.use(data: ["other": "[{\"a\":\(text)}]"]))?.code == .json)
            let name = text.dropFirst().dropLast()
            #expect(try Sample.fault(Sample.use(data: [String(name): "1"]))?.code == .json)
            #expect(try Sample.fault(Sample.use(data: ["a": "{\"\(name)\":1}"]))?.code == .json)
        }
    }

    @Test("bytes that are not UTF-8 spoil their event and no other")
    func notUTF8() throws {
        let odd: [[UInt8]] = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]]
        for bytes in odd {
            for place in ["e-1", "photo", "editor"] {
                let parts = Sample.use().split(separator: place, maxSplits: 1)
                let event = Array(parts[0].utf8) + bytes + Array(parts[1].utf8)
                for (form, body) in [
                    (EventForm.lines, event + [0x0A] + Array(Sample.use().utf8)),
                    (.batch, [0x5B] + event + [0x2C] + Array(Sample.use().utf8) + [0x5D]),
                ] {
                    let batch = try EventDecoder().decode(body, as: form, received: Sample.received)
                    #expect(batch.accepted == 1)
                    #expect(batch.verdicts.map(\.fault?.code) == [.json])
                }
            }
        }
    }

    @Test("times lie between the year 2000 and a day from now")
    func times() throws {
        for (time, isGood) in [
            ("1970-01-01T00:00:00Z", false), ("1999-12-31T23:59:59.999999Z", false), ("2000-01-01T00:00:00Z", true),
            ("2026-11-22T09:30:01Z", true), ("2026-11-22T09:30:01.000001Z", false), ("2100-01-01T00:00:00Z", false),
            ("yesterday", false), ("", false),
        ] {
            let fault = try Sample.fault(Sample.use(["time": "\"\(time)\""]))
            #expect(fault?.code == (isGood ? nil : .time), "\(time)")
        }
    }

    @Test("other versions, types and data are refused by name")
    func envelope() throws {
        #expect(try Sample.fault(Sample.use(["specversion": #""0.3""#]))?.code == .specversion)
        #expect(try Sample.fault(Sample.use(["specversion": #""1.0.2""#]))?.code == .specversion)
        let type = try Sample.fault(Sample.use(["type": #""com.example.other""#]))
        #expect(type?.code == .type)
        #expect(type?.reason.contains("com.example.other") == true)
        #expect(try Sample.fault(Sample.use(["datacontenttype": #""text/xml""#]))?.code == .data)
        #expect(try Sample.fault(Sample.use(["datacontenttype": #""Application/JSON; charset=utf-8""#])) == nil)
        #expect(try Sample.fault(Sample.use(["data_base64": #""e30=""#]))?.code == .data)
        #expect(try Sample.fault(Sample.use(["data": #""text""#]))?.code == .data)
        #expect(try Sample.fault(Sample.use(["data": "[]"]))?.code == .data)
    }

    @Test("attributes have names and values that CloudEvents allows")
    func attributes() throws {
        for name in ["Tenant", "my_attribute", "a-b", "", "é"] {
            #expect(try Sample.fault(Sample.use([name: "1"]))?.code == .name, "\(name)")
        }
        for value in ["[]", "{}"] { #expect(try Sample.fault(Sample.use(["a": value]))?.code == .value) }
        for value in ["1.5", "1e3", "2147483648", "-2147483649"] {
            #expect(try Sample.fault(Sample.use(["a": value]))?.code == .number, "\(value)")
        }
        for value in ["2147483647", "-2147483648", "0", "-0", "true", "null", #""""#] {
            #expect(try Sample.fault(Sample.use(["a": value])) == nil, "\(value)")
        }
    }

    @Test("numbers stay where every reader can hold them")
    func numbers() throws {
        for value in ["1e308", "-1e308", "1e-308", "1e999999999999999999999", "12345e304"] {
            #expect(try Sample.fault(Sample.use(data: ["n": value]))?.code == .number, "\(value)")
            #expect(try Sample.fault(Sample.use(data: ["n": "[\(value)]"]))?.code == .number, "\(value)")
        }
        let long = "1" + String(repeating: "0", count: 400) + "e-400"
        for value in ["0e999999", "-0.0", "9.99e307", "1e-307", long, "123456789012345678901234567890"] {
            #expect(try Sample.fault(Sample.use(data: ["n": value])) == nil, "\(value)")
        }
    }

    @Test("an event has at most so many bytes, and so many levels")
    func size() throws {
        let frame = Sample.use(data: ["x": #""""#]).utf8.count
        let fitting = String(repeating: "x", count: 65_536 - frame)
        #expect(try Sample.fault(Sample.use(data: ["x": "\"\(fitting)\""])) == nil)
        #expect(try Sample.fault(Sample.use(data: ["x": "\"\(fitting)x\""]))?.code == .tooLarge)
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        #expect(try Sample.fault(Sample.use(data: ["x": nested(30)])) == nil)
        #expect(try Sample.fault(Sample.use(data: ["x": nested(31)]))?.code == .tooLarge)
        // However deep, it costs no stack.
        let deep = try Sample.decode("[\(Sample.use()),\(nested(1_000_000))]", as: .batch)
        #expect(deep.accepted == 1)
        #expect(deep.refused == 1)
    }

    @Test("ids that cannot be shown are not")
    func shown() throws {
        let long = String(repeating: "x", count: 300)
        #expect(try Sample.decode(Sample.use(["id": "\"\(long)\""])).verdicts.map(\.id) == [nil])
        #expect(try Sample.decode(Sample.use(["id": #""e-9""#, "time": nil])).verdicts.map(\.id) == ["e-9"])
    }
}
