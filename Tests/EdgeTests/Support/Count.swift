import Synchronization

/// A number that many tasks add to.
final class Count: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .acquiring) }

    @discardableResult
    func add(_ amount: Int = 1) -> Int { number.add(amount, ordering: .acquiringAndReleasing).newValue }
}
