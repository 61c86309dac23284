struct NaiveLRU: NaiveCache {
    let budget: Int
    var queue: [NaiveEntry] = []

    init(budget: Int) { self.budget = budget }

    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64]) {
        if let entry = queue.take(id) {
            queue.insert(entry, at: 0)
            return (true, [])
        }
        guard size <= budget else { return (false, [id]) }
        var evicted: [UInt64] = []
        while queue.bytes + size > budget { evicted.append(queue.removeLast().id) }
        queue.insert(NaiveEntry(id: id, size: size), at: 0)
        return (false, evicted)
    }

    mutating func remove(_ id: UInt64) { _ = queue.take(id) }

    mutating func demote(_ id: UInt64) {
        if let entry = queue.take(id) { queue.append(entry) }
    }
}
