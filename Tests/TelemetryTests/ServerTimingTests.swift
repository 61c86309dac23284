import Telemetry
import Testing

@Suite("Server-Timing")
struct ServerTimingTests {
    @Test("entries are joined; durations are milliseconds with one decimal")
    func entries() {
        var timing = ServerTiming()
        #expect(timing.isEmpty && timing.description.isEmpty)
        timing.add("fetch", .microseconds(1250))
        timing.add("render", .milliseconds(40), description: "640w webp")
        timing.add("cache")
        #expect(timing.description == "fetch;dur=1.3, render;dur=40.0;desc=\"640w webp\", cache")
    }

    @Test(
        "rounding",
        arguments: [
            (.zero, "0.0"), (.nanoseconds(49_999), "0.0"), (.nanoseconds(50_000), "0.1"),
            (.nanoseconds(999_950_000), "1000.0"),
            (.seconds(3), "3000.0"), (.milliseconds(-5), "0.0"),
        ] as [(Duration, String)]
    )
    func rounding(duration: Duration, text: String) {
        var timing = ServerTiming()
        timing.add("t", duration)
        #expect(timing.description == "t;dur=\(text)")
    }

    @Test("names become tokens and descriptions are escaped, cut and plain ASCII")
    func escaping() {
        var timing = ServerTiming()
        timing.add("a b,c;é", description: "say \"no\\yes\"\r\nSet-Cookie: é")
        #expect(timing.description == "a_b_c___;desc=\"say \\\"no\\\\yes\\\"??Set-Cookie: ??\"")
        var long = ServerTiming()
        long.add("x", description: String(repeating: "y", count: 500))
        #expect(long.description.utf8.count == 1 + 7 + 64 + 1)
    }

    @Test("a loop cannot grow the header without end")
    func bounded() {
        var timing = ServerTiming()
        for index in 0..<1000 { timing.add("m\(index)", .seconds(1)) }
        #expect(timing.description.split(separator: ",").count == ServerTiming.metricsMax)
    }
}
