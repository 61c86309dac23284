/// The hand is the id that it points at; `nil` is the oldest.
struct NaiveSIEVE: NaiveCache {
    let budget: Int
    var queue: [NaiveEntry] = []
    var demoted: [NaiveEntry] = []
    var hand: UInt64?

    init(budget: Int) { self.budget = budget }

    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64]) {
        if var entry = demoted.take(id) {
            entry.visits = 1
            queue.insert(entry, at: 0)
            return (true, [])
        }
        if let index = queue.index(of: id) {
            queue[index].visits = 1
            return (true, [])
        }
        guard size <= budget else { return (false, [id]) }
        var evicted: [UInt64] = []
        while queue.bytes + demoted.bytes + size > budget {
            if let first = demoted.popLast() {
                evicted.append(first.id)
            } else {
                evicted.append(sweep())
            }
        }
        queue.insert(NaiveEntry(id: id, size: size), at: 0)
        return (false, evicted)
    }

    private mutating func sweep() -> UInt64 {
        var index = hand.flatMap(queue.index) ?? queue.count - 1
        while queue[index].visits > 0 {
            queue[index].visits = 0
            index = index == 0 ? queue.count - 1 : index - 1
        }
        let id = queue[index].id
        hand = id
        leave(id)
        return id
    }

    /// The hand moves on from an entry that leaves.
    private mutating func leave(_ id: UInt64) {
        guard let index = queue.index(of: id) else { return }
        if hand == id { hand = queue.count == 1 ? nil : queue[index == 0 ? queue.count - 1 : index - 1].id }
        queue.remove(at: index)
    }

    mutating func remove(_ id: UInt64) {
        leave(id)
        _ = demoted.take(id)
    }

    mutating func demote(_ id: UInt64) {
        guard let index = queue.index(of: id) else { return }
        let entry = queue[index]
        leave(id)
        demoted.insert(entry, at: 0)
    }
}
