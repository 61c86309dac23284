struct NaiveFIFO: NaiveCache {
    let budget: Int
    var queue: [NaiveEntry] = []
    var demoted: [NaiveEntry] = []

    init(budget: Int) { self.budget = budget }

    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64]) {
        if queue.index(of: id) != nil { return (true, []) }
        if let entry = demoted.take(id) {
            queue.insert(entry, at: 0)
            return (true, [])
        }
        guard size <= budget else { return (false, [id]) }
        var evicted: [UInt64] = []
        while queue.bytes + demoted.bytes + size > budget {
            evicted.append(demoted.popLast()?.id ?? queue.removeLast().id)
        }
        queue.insert(NaiveEntry(id: id, size: size), at: 0)
        return (false, evicted)
    }

    mutating func remove(_ id: UInt64) {
        _ = queue.take(id)
        _ = demoted.take(id)
    }

    mutating func demote(_ id: UInt64) {
        if let entry = queue.take(id) { demoted.insert(entry, at: 0) }
    }
}
