import HTTPSemantics

/// What the shadow measurement has seen since it began.
package struct ShadowReport: Sendable {
    /// Requests that were offered, and those of them that were drawn.
    package var offered = 0
    package var drawn = 0
    /// Drawn, but the queue or its bytes were full.
    package var dropped = 0
    /// Sent, but without a whole answer in time.
    package var failed = 0
    /// Answered with the same status and the same settings.
    package var equal = 0
    /// Answered with another status.
    package var statusDiffers = 0
    /// Answered with the same status and other settings.
    package var contentDiffers = 0
    /// Answered with the same status; one side has no JSON object.
    package var notComparable = 0
    /// How long answers took here, of the requests that the second endpoint answered too.
    package var live = LatencyHistogram()
    /// How long the second endpoint's took.
    package var shadow = LatencyHistogram()
    /// How often a setting differed, by name; bounded.
    package var settings: [String: Int] = [:]
    /// How often settings differed that found no place in `settings`.
    package var otherSettings = 0

    package init() {}

    /// A JSON object; latencies are in milliseconds, the settings that differ most often come first.
    package var json: String {
        let counts = [
            ("offered", offered), ("drawn", drawn), ("dropped", dropped), ("failed", failed), ("equal", equal),
            ("statusDiffers", statusDiffers), ("contentDiffers", contentDiffers), ("notComparable", notComparable),
        ].map { "\"\($0.0)\":\($0.1)" }
        let names = settings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, times in
            "{\"name\":\(JSONText.quoted(name)),\"times\":\(times)}"
        }
        return "{" + counts.joined(separator: ",") + ",\"live\":\(Self.text(live)),\"shadow\":\(Self.text(shadow))"
            + ",\"settings\":[\(names.joined(separator: ","))],\"otherSettings\":\(otherSettings)}"
    }

    private static func text(_ latencies: LatencyHistogram) -> String {
        let figures = [
            ("p50", latencies.quantile(0.5)), ("p90", latencies.quantile(0.9)), ("p99", latencies.quantile(0.99)),
            ("max", latencies.max),
        ].map { "\"\($0.0)\":\(milliseconds($0.1))" }
        return "{\"count\":\(latencies.count)," + figures.joined(separator: ",") + "}"
    }

    /// Rounded to microseconds.
    private static func milliseconds(_ latency: Duration) -> Double {
        let (seconds, attoseconds) = latency.components
        return Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000) / 1_000
    }
}
