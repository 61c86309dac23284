import DeliveryTypes
import JSON
import Synchronization
import Testing
import VitrineTesting

@testable import Assignments

@Suite("Exposures")
struct ExposureTests {
    private let day: Int64 = 86_400_000

    private func exposure(_ unit: String, experiment: ExactString = "colour", variation: ExactString = "1") -> Exposure
    {
        Exposure(experiment: experiment, variation: variation, attribute: "id", unit: ExactString(unit))
    }

    private func context(at time: Int64 = 0, app: String = "shop") -> ExposureContext {
        ExposureContext(app: app, record: ContentDigest(bytes: .init(repeating: 7, count: 32)), timeMilliseconds: time)
    }

    @Test("are admitted once per unit, experiment, variation, app and window")
    func once() {
        let deduplicator = ExposureDeduplicator()
        let exposures = [
            exposure("u"), exposure("v"), exposure("u", experiment: "size"), exposure("u", variation: "2"),
            exposure("caf\u{e9}"), exposure("cafe\u{301}"),
        ]
        #expect(deduplicator.admit(exposures + exposures, app: "shop", timeMilliseconds: 0) == exposures)
        #expect(deduplicator.admit(exposures, app: "shop", timeMilliseconds: day - 1).isEmpty)
        #expect(deduplicator.admit(exposures, app: "news", timeMilliseconds: day - 1) == exposures)
        #expect(deduplicator.admit(exposures, app: "shop", timeMilliseconds: day) == exposures)
        // Late ones of the window before are known still.
        #expect(deduplicator.admit(exposures, app: "shop", timeMilliseconds: day - 1).isEmpty)
    }

    @Test("are counted per arm, with repetitions apart")
    func counted() {
        let deduplicator = ExposureDeduplicator(armsMax: 3, armsPerAppMax: 2)
        for unit in ["u", "v", "u"] {
            _ = deduplicator.admit([exposure(unit)], app: "shop", timeMilliseconds: 0)
        }
        _ = deduplicator.admit([exposure("u", variation: "2")], app: "shop", timeMilliseconds: 0)
        // One arm too many for the app, and one for the table.
        _ = deduplicator.admit([exposure("u", variation: "3")], app: "shop", timeMilliseconds: 0)
        _ = deduplicator.admit([exposure("u")], app: "news", timeMilliseconds: 0)
        _ = deduplicator.admit([exposure("u")], app: "other", timeMilliseconds: 0)
        let shop = deduplicator.counts(app: "shop")
        #expect(shop.map(\.variation) == ["1", "2"])
        #expect(shop.map(\.exposures) == [3, 1])
        #expect(shop.map(\.units) == [2, 1])
        #expect(deduplicator.counts().count == 3)
        #expect(deduplicator.statistics.uncounted == 2)
    }

    @Test("of more units than are remembered are forgotten oldest first, and the memory stays bounded")
    func bounded() {
        let deduplicator = ExposureDeduplicator(fingerprintsMax: 1_000)
        for number in 0..<5_000 {
            _ = deduplicator.admit([exposure("u\(number)")], app: "shop", timeMilliseconds: 0)
            #expect(deduplicator.statistics.remembered <= 1_000)
        }
        let last = (4_500..<5_000).map { exposure("u\($0)") }
        #expect(deduplicator.admit(last, app: "shop", timeMilliseconds: 0).isEmpty)
        #expect(deduplicator.admit([exposure("u0")], app: "shop", timeMilliseconds: 0).count == 1)
        #expect(deduplicator.statistics.forgottenEarly > 0)
    }

    @Test("have an id that depends on what happened alone")
    func ids() throws {
        let base = ExposureEvent(exposure: exposure("u"), context: context(), window: 3)
        var elsewhere = base
        elsewhere.context.timeMilliseconds = 99
        elsewhere.context.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        elsewhere.context.record = ContentDigest(bytes: .init(repeating: 8, count: 32))
        #expect(elsewhere.id == base.id)
        let others = [
            ExposureEvent(exposure: exposure("v"), context: context(), window: 3),
            ExposureEvent(exposure: exposure("u", experiment: "size"), context: context(), window: 3),
            ExposureEvent(exposure: exposure("u", variation: "2"), context: context(), window: 3),
            ExposureEvent(exposure: exposure("u"), context: context(app: "news"), window: 3),
            ExposureEvent(exposure: exposure("u"), context: context(), window: 4),
        ]
        #expect(Set((others + [base]).map(\.id)).count == 6)
        let plain = try base.usageEvent(node: "a", naming: .plain)
        #expect(plain.source == (try elsewhere.usageEvent(node: "b", naming: .plain)).source)
        #expect(plain.id == base.id)
        #expect(plain.data.contains(#""unit":"u""#))
    }

    @Test("can leave the unit unreadable")
    func hashed() throws {
        let key = Array("0123456789abcdef".utf8)
        let event = try ExposureEvent(exposure: exposure("user-1"), context: context(), window: 0)
            .usageEvent(node: "a", naming: .hashed(key: key))
        #expect(!String(decoding: event.json, as: UTF8.self).contains("user-1"))
        // printf 'id||user-1' | openssl dgst -sha256 -hmac 0123456789abcdef
        #expect(event.data.contains(#""unitHash":"e13d8cb4bcf2b1407985fccfeb94af7d25aec1cff921efd06b13ebcef86c3b0f""#))
    }

    @Test("reach the sink once, behind the requests' backs")
    func recorded() async {
        let sink = ScriptedSink()
        let recorder = recorder(sink)
        async let ended: Void = recorder.run()
        for _ in 0..<3 { recorder.record([exposure("u"), exposure("v")], context: context(at: 5)) }
        recorder.close()
        await ended
        #expect(sink.events.map(\.timeMilliseconds) == [5, 5])
        #expect(Set(sink.events.map(\.id)).count == 2)
        #expect(recorder.statistics == ExposureRecorderStatistics(waiting: 0, recorded: 2, dropped: 0, invalid: 0))
    }

    @Test("are tried again when the sink fails")
    func retried() async {
        let sink = ScriptedSink(failures: [.crowded, .full])
        let recorder = recorder(sink)
        async let ended: Void = recorder.run()
        recorder.record([exposure("u")], context: context())
        await until { recorder.statistics.recorded == 1 }
        recorder.close()
        await ended
        #expect(sink.calls == 3)
    }

    @Test("that the sink refuses for good are dropped, and reported the next time")
    func givenUp() async {
        let sink = ScriptedSink(failures: .init(repeating: .full, count: 5))
        let recorder = recorder(sink)
        async let ended: Void = recorder.run()
        recorder.record([exposure("u")], context: context())
        await until { recorder.statistics.dropped == 1 }
        #expect(recorder.record([exposure("u")], context: context()) == 1)
        recorder.close()
        await ended
        #expect(sink.events.count == 1)
        #expect(recorder.deduplicator.counts().map(\.units) == [1])
    }

    @Test("beyond what may wait are dropped, and reported the next time")
    func crowded() {
        let recorder = recorder(ScriptedSink(), exposuresMax: 2)
        #expect(recorder.record([exposure("u"), exposure("v"), exposure("w")], context: context()) == 2)
        #expect(recorder.statistics.dropped == 1)
        #expect(recorder.deduplicator.statistics.remembered == 2)
    }

    @Test("with names that no event may have are counted and not tried again")
    func invalid() async {
        let sink = ScriptedSink()
        let recorder = recorder(sink)
        let long = ExactString(String(repeating: "x", count: 2_000))
        recorder.record([exposure("u", experiment: long), exposure("u")], context: context())
        async let ended: Void = recorder.run()
        recorder.close()
        await ended
        #expect(sink.events.count == 1)
        #expect(recorder.statistics.invalid == 1)
        #expect(recorder.record([exposure("u", experiment: long)], context: context()) == 0)
    }

    private func recorder(_ sink: ScriptedSink, exposuresMax: Int = 100) -> ExposureRecorder {
        var settings = ExposureRecorderSettings(node: "edge-a")
        settings.exposuresMax = exposuresMax
        return ExposureRecorder(
            sink: sink,
            deduplicator: ExposureDeduplicator(),
            settings: settings,
            clock: HastyClock()
        )
    }
}
