package import Caching

/// What every `EvictionPolicy` promises, as checks to run against each implementation.
///
///     @Test(arguments: EvictionConformance.behaviours)
///     func keepsThePromise(_ behaviour: EvictionConformance) throws {
///         try behaviour.check { LRUPolicy(budget: $0, seed: $1) }
///     }
package struct EvictionConformance: Sendable, CustomStringConvertible {
    /// Makes an empty policy with a budget and a seed.
    package typealias Maker = (_ budget: Int, _ seed: UInt64) -> any EvictionPolicy

    package var description: String
    /// Throws `ConformanceFailure` where the promise is broken.
    package var check: @Sendable (Maker) throws -> Void

    init(_ description: String, check: @escaping @Sendable (Maker) throws -> Void) {
        self.description = description
        self.check = check
    }

    package static let behaviours = single + many
}

extension EvictionPolicy {
    /// Admits and returns what left.
    mutating func admitting(_ id: UInt64, size: Int = 1, cost: Float = 1) -> [UInt64] {
        var evicted: [UInt64] = []
        admit(id, size: size, cost: cost, evicted: &evicted)
        return evicted
    }
}
