import CoreMetrics
import Synchronization

/// A sum of fractions that only rises; a compare-and-swap loop per increment.
final class PrometheusFloatCounter: FloatingPointCounterHandler {
    private let sum = Atomic<Double>(0)

    var value: Double { sum.load(ordering: .relaxed) }

    /// Adds `amount`; what is not finite and positive does not count.
    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        sum.add(amount)
    }

    func reset() {
        sum.store(0, ordering: .relaxed)
    }
}
