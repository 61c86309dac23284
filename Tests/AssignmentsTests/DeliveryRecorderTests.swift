import JSON
import Testing
import VitrineTesting

@testable import Assignments

@Suite("Deliveries on their way into the usage log", .timeLimit(.minutes(2)))
struct DeliveryRecorderTests {
    private static let noon: Int64 = 1_795_262_400_000

    private static func rows(_ numbers: Range<Int>) -> [DeliveryRow] {
        numbers.map { number in
            DeliveryRow(
                content: "original://\(number)",
                status: number % 3 == 0 ? 304 : 200,
                requests: number + 1,
                bytes: number << 33,
                lastMilliseconds: noon + Int64(number)
            )
        }
    }

    private static func recorder(
        _ source: ScriptedDeliveries,
        _ sink: any UsageSink,
        window: Duration = .seconds(10),
        batchMax: Int = 1_000
    ) -> DeliveryRecorder {
        var settings = DeliveryRecorderSettings(node: "edge-a", boot: 0xAB)
        settings.window = window
        settings.batchMax = batchMax
        return DeliveryRecorder(source: source, sink: sink, settings: settings, clock: HastyClock())
    }

    private static func requests(_ events: [UsageEvent]) throws -> Int {
        try events.reduce(0) { sum, event in
            sum + Int(try #require(try JSONParser().value(from: event.data)["requests"]?.double))
        }
    }

    @Test("a row is one event, as the page says")
    func event() throws {
        let row = DeliveryRow(
            content: "http://h/\"a\".jpg",
            status: 206,
            requests: 3,
            bytes: 1 << 52,
            lastMilliseconds: Self.noon
        )
        let event = try DeliveryEvent(row: row, boot: 0xAB, number: 7).usageEvent(node: "edge-a")
        #expect(
            String(decoding: event.json, as: UTF8.self)
                == #"{"specversion":"1.0","id":"00000000000000ab-7","source":"/nodes/edge-a/deliveries","#
                + #""type":"com.vitrine.delivery.v1","time":"2026-11-21T12:00:00.000Z","tenant":"pictures","#
                + #""node":"edge-a","datacontenttype":"application/json","data":{"content_id":"http://h/\"a\".jpg","#
                + #""content_type":"picture","action":"delivered","status":206,"requests":3,"bytes":4503599627370496}}"#
        )
        var other = row
        other.status = 304
        #expect(other.action == "revalidated")
        other.isRelayed = true
        #expect(other.action == "relayed")
    }

    @Test("every row becomes one event with an id of its own, window by window, and the last on shutdown")
    func windows() async throws {
        let source = ScriptedDeliveries()
        let sink = ScriptedSink()
        let recorder = Self.recorder(source, sink, batchMax: 7)
        async let ended: Void = recorder.run()
        for window in 0..<5 {
            source.add(Self.rows(window * 20..<window * 20 + 20))
            await until { sink.events.count == window * 20 + 20 }
        }
        recorder.close()
        source.add(Self.rows(100..<120))
        await ended
        let events = sink.events
        #expect(events.count == 120 && Set(events.map(\.id)).count == 120)
        #expect(try Self.requests(events) == (1...120).reduce(0, +))
        #expect(recorder.statistics.requestsRecorded == (1...120).reduce(0, +))
        #expect(recorder.statistics.recorded == 120 && recorder.statistics.waiting == 0)
    }

    @Test("while the sink fails nothing more is taken, and then the same events are handed on")
    func failing() async throws {
        let source = ScriptedDeliveries()
        let sink = ScriptedSink(failures: .init(repeating: .full, count: 40))
        let recorder = Self.recorder(source, sink, batchMax: 5)
        source.add(Self.rows(0..<12))
        async let ended: Void = recorder.run()
        await until { recorder.statistics.failures >= 10 }
        #expect(source.takes == 1 && recorder.statistics.waiting == 12)
        source.add(Self.rows(12..<14))
        await until { sink.events.count == 14 }
        recorder.close()
        await ended
        #expect(sink.events.map(\.id) == (1...14).map { "00000000000000ab-\($0)" })
        #expect(recorder.statistics.failures == 40 && recorder.statistics.requestsLost == 0)
    }

    @Test("a full table is taken before its window ends")
    func alarm() async {
        let source = ScriptedDeliveries()
        let sink = ScriptedSink()
        var settings = DeliveryRecorderSettings(node: "edge-a", boot: 1)
        settings.window = .seconds(86_400)
        let recorder = DeliveryRecorder(source: source, sink: sink, settings: settings)
        async let ended: Void = recorder.run()
        source.add(Self.rows(0..<3))
        source.alarm()
        await until { sink.events.count == 3 }
        recorder.close()
        await ended
    }

    @Test("what the sink refuses until the end is counted as lost, to the last request")
    func lost() async {
        let source = ScriptedDeliveries()
        let sink = ScriptedSink(failures: .init(repeating: .full, count: 1_000_000))
        let recorder = Self.recorder(source, sink)
        source.add(Self.rows(0..<3))
        async let ended: Void = recorder.run()
        await until { recorder.statistics.failures > 0 }
        source.add(Self.rows(3..<4))
        recorder.close()
        await ended
        #expect(recorder.statistics.requestsLost == 1 + 2 + 3 + 4)
        #expect(recorder.statistics.waiting == 0)
    }
}
