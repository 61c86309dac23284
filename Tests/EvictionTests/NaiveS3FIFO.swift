struct NaiveS3FIFO: NaiveCache {
    let budget: Int
    var small: [NaiveEntry] = []
    var main: [NaiveEntry] = []
    var ghosts: [NaiveEntry] = []
    var demoted: [NaiveEntry] = []

    init(budget: Int) { self.budget = budget }

    var usedBytes: Int { small.bytes + main.bytes + demoted.bytes }

    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64]) {
        if let entry = demoted.take(id) { main.insert(entry, at: 0) }
        if let index = small.index(of: id) {
            small[index].visits = min(3, small[index].visits + 1)
            return (true, [])
        }
        if let index = main.index(of: id) {
            main[index].visits = min(3, main[index].visits + 1)
            return (true, [])
        }
        let wasGhost = ghosts.take(id) != nil
        guard size <= budget else { return (false, [id]) }
        var evicted: [UInt64] = []
        while usedBytes + size > budget {
            if let first = demoted.popLast() {
                evicted.append(first.id)
            } else if main.bytes > budget - budget / 10 || small.isEmpty {
                evictFromMain(&evicted)
            } else {
                evictFromSmall(&evicted)
            }
        }
        let entry = NaiveEntry(id: id, size: size)
        if wasGhost { main.insert(entry, at: 0) } else { small.insert(entry, at: 0) }
        return (false, evicted)
    }

    private mutating func evictFromSmall(_ evicted: inout [UInt64]) {
        while var entry = small.popLast() {
            if entry.visits >= 2 {
                entry.visits = 0
                main.insert(entry, at: 0)
                continue
            }
            evicted.append(entry.id)
            ghosts.insert(entry, at: 0)
            let count = small.count + main.count + demoted.count
            while ghosts.bytes > budget - budget / 10 || ghosts.count > max(64, 2 * count) { ghosts.removeLast() }
            return
        }
    }

    private mutating func evictFromMain(_ evicted: inout [UInt64]) {
        while var entry = main.popLast() {
            guard entry.visits > 0 else {
                evicted.append(entry.id)
                return
            }
            entry.visits -= 1
            main.insert(entry, at: 0)
        }
    }

    mutating func remove(_ id: UInt64) {
        _ = small.take(id)
        _ = main.take(id)
        _ = demoted.take(id)
    }

    mutating func demote(_ id: UInt64) {
        if let entry = small.take(id) ?? main.take(id) { demoted.insert(entry, at: 0) }
    }
}
