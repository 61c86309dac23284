import Synchronization

extension Atomic where Value == Double {
    /// Adds without losing a concurrent addition.
    ///
    /// Lock-free: a thread that loses the race tries again on the newer value.
    borrowing func add(_ amount: Double) {
        var seen = load(ordering: .relaxed)
        while true {
            let (exchanged, original) = weakCompareExchange(
                expected: seen,
                desired: seen + amount,
                ordering: .relaxed
            )
            if exchanged { return }
            seen = original
        }
    }
}
