import SettingsDelivery
import Testing

@Suite("Latencies in buckets")
struct ShadowHistogramTests {
    @Test("a quantile is the true one or at most an eighth above it")
    func quantiles() {
        var state: UInt64 = 88
        var histogram = LatencyHistogram()
        var latencies: [Int] = []
        for _ in 0..<5_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // From microseconds to minutes, each power of two alike.
            let microseconds = Int(state >> 40) >> Int(state >> 20 & 23)
            latencies.append(microseconds)
            histogram.record(.microseconds(microseconds))
        }
        latencies.sort()
        for share in [0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let place = max(1, Int((Double(latencies.count) * share).rounded(.up))) - 1
            let (exact, found) = (Duration.microseconds(latencies[place]), histogram.quantile(share))
            #expect(found >= exact && found <= exact * 1.125)
        }
        #expect(histogram.max == .microseconds(latencies[latencies.count - 1]))
        #expect(histogram.count == 5_000)
    }

    @Test("nothing, and more than the last bucket, have quantiles too")
    func ends() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == .zero)
        histogram.record(.seconds(1_000_000))
        histogram.record(.zero)
        #expect(histogram.quantile(0.5) == .zero)
        #expect(histogram.max == .seconds(1_000_000))
    }
}
