/// What one policy made of a trace with one cache size.
package struct SimulationRow: Sendable {
    package let policy: SimulatedPolicy
    package let size: CacheSize
    /// Of the cache; objects where all have unit size.
    package let budgetBytes: Int
    package let misses: MissCount
    /// Shares of the requests, of their bytes, and of their milliseconds that missed; in [0, 1].
    package let objectMissRatio: Double
    package let byteMissRatio: Double
    package let costMissRatio: Double
    /// How much of the way from LRU's object miss ratio to Belady's the policy went: 0 is LRU, 1 is Belady; `nil` if
    /// those were not replayed or do not differ.
    package internal(set) var wayToBelady: Double?
    /// Requests replayed per second of wall time, on one core.
    package let requestsPerSecond: Double
}
