import Crypto
import Metering
import Testing

@Suite("What events are compared by")
struct EventContentTests {
    private func hash(_ event: String) throws -> String? { try Sample.columns(event)[2] }

    private func hash(ofContent text: String) -> String {
        let digest = Array(SHA256.hash(data: Array(text.utf8)))
        return String(Int64(bitPattern: digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
    }

    @Test("content is the hash of a canonical text")
    func canonical() throws {
        #expect(
            try hash(Sample.use())
                == hash(
                    ofContent: #"{"data":{"action":"export","content_id":"c-1","content_type":"photo","#
                        + #""creator_id":"m-1","user_id":"u-1"},"id":"e-1","source":"/apps/editor","#
                        + #""time":1795253400125000,"type":"com.vitrine.usage.v1"}"#
                )
        )
        let event = Sample.use(
            ["zone": #""é\n""#, "count": "7", "flag": "true", "subject": #""s""#],
            data: [
                "zebra": "[1.50, -0, {\"b\":null,\"a\":100}]", "bag": "1e2", "plan": #""\u0070ro""#, "country": "null",
                "a": "\"\\/\\u001f\"",
            ]
        )
        #expect(
            try hash(event)
                == hash(
                    ofContent: #"{"count":"7","data":{"a":"/\u001f","action":"export","bag":1e2,"content_id":"c-1","#
                        + #""content_type":"photo","creator_id":"m-1","plan":"pro","user_id":"u-1","#
                        + #""zebra":[15e-1,0,{"a":1e2,"b":null}]},"flag":"true","id":"e-1","source":"/apps/editor","#
                        + #""subject":"s","time":1795253400125000,"type":"com.vitrine.usage.v1","zone":"é\n"}"#
                )
        )
    }

    @Test("another order or spelling of the same event is the same content")
    func same() throws {
        let one = Sample.use(["a": "1", "b": #""x""#], data: ["m": "1.0", "n": #"{"p":"é","q":[10]}"#])
        let other = """
            {"b":"\\u0078","a":1,"data":{"n":{"q":[1e1],"p":"\\u00e9"},"user_id":"u-1","m":10e-1,"action":"export",
            "content_type":"photo","creator_id":"m-1","content_id":"c-1","brand_id":null},"gone":null,
            "time":"2026-11-21T10:30:00.1250+01:00","type":"com.vitrine.usage.v1","source":"/apps/editor","id":"e-1",
            "specversion":"1.0","datacontenttype":"application/json"}
            """
        #expect(try hash(one) == hash(other))
    }

    @Test("what the transport adds is no content")
    func transport() throws {
        let plain = try hash(Sample.use())
        for attribute in ["traceparent", "tracestate", "node"] {
            #expect(try hash(Sample.use([attribute: #""00-x""#])) == plain, "\(attribute)")
        }
        #expect(try hash(Sample.use(["datacontenttype": #""application/json""#])) == plain)
    }

    @Test("any other difference is another content")
    func different() throws {
        var seen: Set<String> = []
        let events = [
            Sample.use(), Sample.use(["id": #""e-2""#]), Sample.use(["source": #""/apps/other""#]),
            Sample.use(["time": #""2026-11-21T09:30:00.125001Z""#]), Sample.use(["tenant": #""a""#]),
            Sample.use(["tenant": #""b""#]), Sample.use(["tenant": #""""#]), Sample.use(data: ["plan": #""a""#]),
            Sample.use(data: ["country": #""a""#]), Sample.use(data: ["x": "1"]), Sample.use(data: ["x": #""1""#]),
            Sample.use(data: ["x": "null"]), Sample.use(data: ["x": "[]"]), Sample.use(data: ["x": "{}"]),
            Sample.use(data: ["x": "[1,2]"]), Sample.use(data: ["x": "[2,1]"]), Sample.use(data: ["x": "12"]),
            Sample.use(data: ["x": "123456789012345678901"]), Sample.use(data: ["x": "123456789012345678902"]),
            Sample.use(data: ["x": #""é""#]), Sample.use(data: ["x": #""e\u0301""#]),
        ]
        for event in events { seen.insert(try hash(event) ?? "") }
        #expect(seen.count == events.count)
    }

    @Test("an exposure that two nodes saw is one, whatever its time and release; its arm is content")
    func exposures() throws {
        let nodes = "vitrine.exposure"
        func exposure(_ time: String, _ data: String, _ type: String = nodes, node: String = "a") -> String {
            #"{"specversion":"1.0","id":"x","source":"/apps/shop/experiments","type":"\#(type)","time":"\#(time)","#
                + #""tenant":"shop","node":"\#(node)","subject":"colour","data":\#(data)}"#
        }
        let early = "2026-11-21T09:30:00Z"
        let late = "2026-11-21T09:45:00Z"
        let one = #"{"experiment":"colour","variation":"1","attribute":"id","unit":"u","record":"aa"}"#
        let other = #"{"record":"bb","unit":"u","attribute":"id","variation":"1","experiment":"colour"}"#
        let arm = one.replacing(#""variation":"1""#, with: #""variation":"2""#)
        #expect(try hash(exposure(early, one)) == hash(exposure(late, other, node: "b")))
        #expect(try hash(exposure(early, one)) != hash(exposure(early, arm)))
        // Also one of nothing but what is read by name.
        func bare(_ time: String) -> String { Sample.use(["type": "\"\(nodes)\"", "time": "\"\(time)\""]) }
        #expect(try hash(bare(early)) == hash(bare(late)))
        // What others send as exposures has its time as content.
        let type = "com.vitrine.exposure.v1"
        #expect(try hash(exposure(early, one, type)) != hash(exposure(late, one, type)))
        #expect(
            try hash(exposure(early, #"{"a":1,"record":"x","zone":2}"#))
                == hash(
                    ofContent: #"{"data":{"a":1,"zone":2},"id":"x","source":"/apps/shop/experiments","#
                        + #""subject":"colour","tenant":"shop","type":"vitrine.exposure"}"#
                )
        )
    }
}
