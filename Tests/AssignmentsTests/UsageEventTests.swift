import Foundation
import JSON
import Testing
import VitrineTesting

@testable import Assignments

@Suite("A usage event")
struct UsageEventTests {
    private func event(
        id: String = "1",
        source: String = "/apps/shop",
        type: String = "vitrine.sample",
        time: Int64 = 0,
        tenant: String = "shop",
        node: String = "edge-a",
        subject: String? = nil,
        traceparent: String? = nil,
        data: String = "{}"
    ) throws(AssignmentsError) -> UsageEvent {
        try UsageEvent(
            id: id,
            source: source,
            type: type,
            timeMilliseconds: time,
            tenant: tenant,
            node: node,
            subject: subject,
            traceparent: traceparent,
            data: data
        )
    }

    @Test("is read as it was written, its data byte for byte")
    func roundTrip() throws {
        let written = try event(
            time: 1_763_712_345_678,
            tenant: "shop \"a\"",
            subject: "caf\u{e9} \\ \u{1f600}",
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            data: #"{ "b":1.0, "a":[1e3,"é"] ,"b":2}"#
        )
        let read = try UsageEvent(json: written.json)
        #expect(read == written)
        #expect(read.data == written.data)
    }

    @Test("is a CloudEvent of version 1.0 to any JSON reader")
    func cloudEvent() throws {
        let json = try event(time: 1_763_712_345_678, data: "[true]").json
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        #expect(object["specversion"] as? String == "1.0")
        #expect(object["time"] as? String == "2025-11-21T08:05:45.678Z")
        #expect(object["datacontenttype"] as? String == "application/json")
        #expect(object["data"] as? [Bool] == [true])
        #expect(object["subject"] == nil)
        #expect(object.keys.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber } })
    }

    @Test(
        "is refused when an attribute breaks a rule",
        arguments: [
            ("id", ""), ("id", "a b"), ("id", String(repeating: "x", count: 129)), ("source", "\u{e9}"), ("type", ""),
            ("tenant", "a\nb"), ("node", ""), ("subject", String(repeating: "x", count: 1_025)),
            ("traceparent", "a\u{7f}"), ("data", ""), ("data", "{"), ("data", "{\n}"),
            ("data", "\"\(String(repeating: "x", count: 40_000))\""),
        ]
    )
    func refused(attribute: String, text: String) throws {
        func value(_ name: String, _ good: String) -> String { name == attribute ? text : good }
        let error = #expect(throws: AssignmentsError.self) {
            try event(
                id: value("id", "1"),
                source: value("source", "/apps/shop"),
                type: value("type", "vitrine.sample"),
                tenant: value("tenant", "shop"),
                node: value("node", "edge-a"),
                subject: value("subject", "s"),
                traceparent: value("traceparent", "t"),
                data: value("data", "{}")
            )
        }
        guard case .invalidEvent(let reason) = error else {
            Issue.record("it is \(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix(attribute))
    }

    @Test(
        "is refused when it did not happen between 1970 and the year 9999",
        arguments: [-1, .max, 253_402_300_800_000]
    )
    func refused(time: Int64) {
        #expect(throws: AssignmentsError.self) { try event(time: time) }
    }

    @Test("has the time that Foundation's calendar has", arguments: 1...3 as ClosedRange<UInt64>)
    func times(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for round in 0..<2_000 {
            let seconds = round == 0 ? 253_402_300_799 : Int64.random(in: 0...253_402_300_799, using: &random)
            // Whole seconds: Foundation's own fractions are binary.
            let text = EventTime.text(seconds * 1_000)
            #expect(text == Date(timeIntervalSince1970: Double(seconds)).formatted(style), "seed \(seed)")
            #expect(EventTime.milliseconds(text) == seconds * 1_000)
        }
        #expect(EventTime.text(951_782_400_007) == "2000-02-29T00:00:00.007Z")
        for text in ["2001-02-29T00:00:00.000Z", "2001-02-28 00:00:00.000Z", "2001-02-28T00:00:00.000+", "x", ""] {
            #expect(EventTime.milliseconds(text) == nil)
        }
    }

    @Test("has a checksum that others compute too")
    func checksum() {
        // The check value of CRC-32/ISCSI in the catalogue of CRC algorithms.
        #expect(CRC32C.checksum(of: "123456789".utf8.span) == 0xe306_9283)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    }
}
