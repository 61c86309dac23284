/// The upper bounds of a histogram, rising; `+Inf` is always there and not listed.
package struct HistogramBuckets: Sendable, Equatable {
    package let bounds: [Double]

    /// How many bounds a histogram may have: its counters are one fixed block of memory, and every one of them is a
    /// series.
    package static let boundsMax = 23

    /// Traps unless there are 1 to `boundsMax` finite bounds in rising order.
    package init(_ bounds: [Double]) {
        precondition((1...Self.boundsMax).contains(bounds.count), "a histogram has 1 to \(Self.boundsMax) bounds")
        precondition(bounds.allSatisfy(\.isFinite), "bounds are finite; +Inf is implied")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds rise")
        self.bounds = bounds
    }

    /// Seconds, from a cache hit (0.1 ms) to a picture that is given up (30 s).
    package static let seconds = HistogramBuckets([
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ])

    /// Plain amounts (bytes, pixels, items): powers of four from 1 to 4^13 (67 million).
    package static let amounts = HistogramBuckets((0...13).map { Double(1 << (2 * $0)) })

    /// The index of the bucket that counts `value`: the first bound that is not below it, or `bounds.count` for `+Inf`.
    package func index(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
