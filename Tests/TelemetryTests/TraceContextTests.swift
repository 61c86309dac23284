import Telemetry
import Testing

@Suite("Trace context")
struct TraceContextTests {
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("a well-formed header is read and written back")
    func roundTrip() throws {
        let trace = try #require(TraceContext(traceparent: [Self.valid]))
        #expect(trace.traceID.description == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace.spanID.description == "00f067aa0ba902b7")
        #expect(trace.isSampled && !trace.isRandom)
        #expect(trace.traceparent == Self.valid)
    }

    @Test(
        "flags: sampled, random (level 2), and unknown ones that are not passed on",
        arguments: [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("ff", "03"), ("08", "00")]
    )
    func flags(given: String, written: String) throws {
        let trace = try #require(TraceContext(traceparent: [Self.valid.dropLast(2) + given]))
        #expect(trace.traceparent == Self.valid.dropLast(2) + written)
    }

    @Test("a later version is read as far as we know it and answered in version 00")
    func laterVersion() throws {
        for header in ["cc" + Self.valid.dropFirst(2), "cc" + Self.valid.dropFirst(2) + "-what-the-future-brings"] {
            #expect(try #require(TraceContext(traceparent: [header])).traceparent == Self.valid)
        }
    }

    @Test(
        "what is not exactly right is no trace",
        arguments: [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.extra",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\u{661}",
        ]
    )
    func malformed(header: String) {
        #expect(TraceContext(traceparent: [header]) == nil)
    }

    @Test("two headers, or one without end, are no trace")
    func several() {
        #expect(TraceContext(traceparent: []) == nil)
        #expect(TraceContext(traceparent: [Self.valid, Self.valid]) == nil)
        let endless = "cc" + Self.valid.dropFirst(2) + "-" + String(repeating: "0", count: 10_000)
        #expect(TraceContext(traceparent: [endless]) == nil)
    }

    @Test("a child keeps the trace, the flags and the state, and has a span of its own")
    func child() throws {
        var generator = SeededGenerator(seed: 7)
        let parent = try #require(TraceContext(traceparent: [Self.valid], tracestate: ["a=1"]))
        let child = parent.child(using: &generator)
        #expect(child.traceID == parent.traceID && child.isSampled && child.state == parent.state)
        #expect(child.spanID != parent.spanID)
    }

    @Test("a new trace is well formed, random and reproducible from its generator")
    func fresh() throws {
        var first = SeededGenerator(seed: 1)
        var second = SeededGenerator(seed: 1)
        let trace = TraceContext(sampled: false, using: &first)
        #expect(trace == TraceContext(sampled: false, using: &second))
        #expect(trace.traceparent.hasSuffix("-02"))
        #expect(TraceContext(traceparent: [trace.traceparent]) == trace)
        #expect(TraceContext(sampled: false, using: &first) != trace)
    }

    @Test("ids with leading zeros keep all their digits")
    func leadingZeros() throws {
        let header = "00-000000000000000000000000000000ab-0000000000000001-00"
        #expect(try #require(TraceContext(traceparent: [header])).traceparent == header)
    }
}
