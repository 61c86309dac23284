/// What a replay had to fetch.
package struct MissCount: Hashable, Sendable {
    package internal(set) var requests = 0
    package internal(set) var bytes = 0
    /// Milliseconds.
    package internal(set) var cost = 0.0

    mutating func add(bytes: Int, cost: Float) {
        requests += 1
        self.bytes += bytes
        self.cost += Double(cost)
    }
}
