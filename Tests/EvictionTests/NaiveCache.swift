/// A policy written as plainly as possible, over arrays with the newest first, to compare the quick one with.
protocol NaiveCache {
    init(budget: Int)
    /// A hit, or a fetch and who left for it.
    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64])
    mutating func remove(_ id: UInt64)
    mutating func demote(_ id: UInt64)
}

struct NaiveEntry {
    var id: UInt64
    var size: Int
    var value: Float = 0
    var visits = 0
    var gain = 1
    var isWatched = false
}

extension [NaiveEntry] {
    var bytes: Int { reduce(0) { $0 + $1.size } }

    func index(of id: UInt64) -> Int? { firstIndex { $0.id == id } }

    mutating func take(_ id: UInt64) -> NaiveEntry? { index(of: id).map { remove(at: $0) } }
}
