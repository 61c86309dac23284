import JSON
import Metering
import NIOCore
import Testing
import VitrineTesting

@Suite("Events with every fault that chance can make")
struct EventFuzzTests {
    /// A valid event with chance in all its parts.
    private func event(_ random: inout SeededGenerator) -> [UInt8] {
        func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }
        let texts = [
            #""a""#, #""x,y""#, #""\"""#, #""é""#, #""\ud83d\ude00""#, #""a\\b""#, #""\u0041""#, #""0""#, "null", "7",
            #""\n""#, #""""#, #""2026""#,
        ]
        let values =
            texts + [
                "true", "1.50", "-0", "1e400", "12345678901234567890", "[1,[2,{\"a\":1,\"b\":[]}]]", "{}", "[]",
                #"{"a":{"b":"\u00e9"},"":null}"#, #"{"a":1,"a":2}"#, #""\ud800""#,
            ]
        var changes: [String: String?] = [:]
        var data: [String: String?] = [:]
        if Bool.random(using: &random) {
            changes["traceparent"] = #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#
        }
        for name in ["subject", "tenant", "node", "tracestate", "dataschema", "a1"] where random.next() % 4 == 0 {
            changes[name] = pick(values)
        }
        for name in ["plan", "country", "brand_id", "template_id", "zz", "a", "b_c", "content_ix"]
        where random.next() % 4 == 0 {
            data[name] = pick(name.count > 3 ? texts : values)
        }
        if random.next() % 8 == 0 {
            changes[pick(["id", "source", "type", "time", "specversion", "data"])] = pick(values)
        }
        if random.next() % 8 == 0 { changes["type"] = #""com.vitrine.delivery.v1""# }
        if random.next() % 16 == 0 { data[pick(["content_id", "user_id"])] = nil as String? }
        if random.next() % 4 == 0 {
            changes["time"] = pick([
                #""2026-11-21T09:30:00+05:30""#, #""1970-01-01T00:00:00Z""#, #""2016-12-31T23:59:60Z""#,
            ])
        }
        return Array(Sample.use(changes, data: data).utf8)
    }

    /// Bytes changed, left out, doubled, or taken from elsewhere.
    private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let structural = Array("{}[]\",:\\ \n\t0-eEu.tfn\u{7f}".utf8) + [0xFF, 0xC3, 0x00, 0x1F]
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch random.next() % 6 {
            case 0: bytes[place] = structural.randomElement(using: &random) ?? 0
            case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(structural.randomElement(using: &random) ?? 0, at: place)
            case 4:
                let end = Int.random(in: place...min(bytes.count, place + 30), using: &random)
                let other = Int.random(in: 0..<bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place..<end], at: other)
            default: bytes.removeSubrange(place..<Int.random(in: place...min(bytes.count, place + 30), using: &random))
            }
        }
        return bytes
    }

    /// Decodes, and compares everything with the reference; whether the event is valid.
    private func check(_ bytes: [UInt8], _ note: String) -> Bool {
        let expected = ReferenceIntake.line(bytes, received: Sample.received)
        do throws(IntakeProblem) {
            let batch = try EventDecoder().decode(bytes, as: .structured, received: Sample.received)
            #expect(batch.accepted + batch.refused == 1, "\(note)")
            #expect(
                (batch.accepted == 1) == (expected != nil),
                "\(note) \(batch.verdicts) \(String(decoding: bytes, as: UTF8.self))"
            )
            guard let expected, batch.accepted == 1 else { return false }
            let rows = CSV.rows(String(buffer: batch.lines))
            #expect(rows.count == 1, "\(note)")
            #expect(Array(rows[0][3..<18]) == expected.fields, "\(note)")
            let content = expected.content.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(
                rows[0][2] == String(Int64(bitPattern: content)),
                "\(note) \(String(decoding: bytes, as: UTF8.self))"
            )
            #expect(rows[0][18].flatMap { try? JSONParser().value(from: $0) } == expected.rest, "\(note)")
            return true
        } catch {
            #expect(!ReferenceIntake.isJSON(bytes), "\(note) \(error) \(String(decoding: bytes, as: UTF8.self))")
            return false
        }
    }

    @Test("random events are read as the reference reads them", arguments: 0..<8)
    func agreement(seed: Int) {
        var random = SeededGenerator(seed: UInt64(1_000 + seed))
        let valid = (0..<500).count { check(event(&random), "seed \(1_000 + seed), round \($0)") }
        #expect((50..<450).contains(valid), "chance makes both kinds")
    }

    @Test("mutated events are read as the reference reads them", arguments: 0..<8)
    func mutations(seed: Int) {
        var random = SeededGenerator(seed: UInt64(2_000 + seed))
        let valid = (0..<1_500).count { check(mutated(event(&random), &random), "seed \(2_000 + seed), round \($0)") }
        #expect((20..<1_480).contains(valid), "chance makes both kinds")
    }

    @Test("texts of every length with every mark at every place are read as the reference reads them")
    func places() {
        for mark in [",", #"\""#, #"\\"#, "\u{7f}", #"\u0007"#, "é", "{", "😀"] {
            for length in 1...26 {
                for place in 0..<length {
                    let (before, after) = (String(repeating: "x", count: place), String(repeating: "y", count: length))
                    let text = before + mark + after
                    let event = Sample.use(["id": "\"\(text)\""], data: ["plan": "\"\(text)\""])
                    let isValid = check(Array(event.utf8), "mark \(mark) at \(place) of \(length)")
                    #expect(isValid == (mark != "\u{7f}" && mark != #"\u0007"#))
                }
            }
        }
    }

    @Test("events in a batch, or in lines, fare as each would alone", arguments: 0..<4)
    func together(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(3_000 + seed))
        for round in 0..<100 {
            var events: [[UInt8]] = []
            while events.count < 20 {
                let next = Bool.random(using: &random) ? event(&random) : mutated(event(&random), &random)
                // In an array what is not JSON spoils all; what is not UTF-8 does not.
                if ReferenceIntake.isJSON(next), !next.contains(0x0A) { events.append(next) }
            }
            let lines = events.compactMap { event in ReferenceIntake.line(event, received: Sample.received) }.count
            let array = [0x5B] + Array(events.joined(separator: [0x2C])) + [0x5D]
            let whole = try EventDecoder().decode(array, as: .batch, received: Sample.received)
            #expect(whole.accepted == lines, "seed \(3_000 + seed), round \(round)")
            let each = try EventDecoder().decode(
                Array(events.joined(separator: [0x0A])),
                as: .lines,
                received: Sample.received
            )
            #expect(each == whole, "seed \(3_000 + seed), round \(round)")
        }
    }

    @Test("mutated batches never keep what is not a valid event", arguments: 0..<4)
    func batches(seed: Int) {
        var random = SeededGenerator(seed: UInt64(4_000 + seed))
        for round in 0..<300 {
            let events = (0..<5).map { _ in event(&random) }
            let body = mutated([0x5B] + Array(events.joined(separator: [0x2C])) + [0x5D], &random)
            for form in [EventForm.batch, .lines, .structured] {
                // A body that is refused as a whole keeps nothing.
                guard let batch = try? EventDecoder().decode(body, as: form, received: Sample.received) else {
                    continue
                }
                let rows = CSV.rows(String(buffer: batch.lines))
                #expect(rows.count == batch.accepted, "seed \(4_000 + seed), round \(round)")
                #expect(rows.allSatisfy { $0.count == 19 }, "seed \(4_000 + seed), round \(round)")
                #expect(batch.verdicts.count == batch.refused, "seed \(4_000 + seed), round \(round)")
            }
        }
    }
}
