import CoreMetrics
import Synchronization

/// How often values fell between fixed bounds, and their sum; both the facade's `Recorder` and its `Timer`.
///
/// Lock-free: a value adds one to its bucket and itself to the sum. A scrape between the two sees a sum that lags by
/// one value, which the next scrape makes good.
final class PrometheusHistogram: RecorderHandler, TimerHandler {
    let buckets: HistogramBuckets
    /// One counter per bound and one for `+Inf`; those past the last bound stay zero.
    private let counts: InlineArray<24, Atomic<UInt64>>
    private let sum = Atomic<Double>(0)
    /// Durations are summed in whole nanoseconds, which never round; seconds are made of them when they are read.
    private let nanoseconds = Atomic<Int64>(0)

    init(buckets: HistogramBuckets) {
        self.buckets = buckets
        counts = InlineArray { _ in Atomic(0) }
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Counts `value`; NaN is no value and does not count.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        counts[buckets.index(of: value)].wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    /// Counts a duration, in seconds.
    func recordNanoseconds(_ duration: Int64) {
        let duration = max(duration, 0)
        counts[buckets.index(of: Double(duration) / 1e9)].wrappingAdd(1, ordering: .relaxed)
        nanoseconds.wrappingAdd(duration, ordering: .relaxed)
    }

    /// Values up to and including each bound, then all of them, and their sum.
    func reading() -> (cumulative: [UInt64], sum: Double) {
        var total: UInt64 = 0
        var cumulative: [UInt64] = []
        cumulative.reserveCapacity(buckets.bounds.count + 1)
        for index in 0...buckets.bounds.count {
            total += counts[index].load(ordering: .relaxed)
            cumulative.append(total)
        }
        let whole = Double(nanoseconds.load(ordering: .relaxed)) / 1e9
        return (cumulative, sum.load(ordering: .relaxed) + whole)
    }
}
