import Caching

/// The algorithm as `AdaptiveFIFOPolicy`'s comment tells it, written a second time.
struct NaiveAdaptiveFIFO: NaiveCache {
    let budget: Int
    var small: [NaiveEntry] = []
    var main: [NaiveEntry] = []
    var smallGhosts: [NaiveEntry] = []
    var mainGhosts: [NaiveEntry] = []
    var demoted: [(entry: NaiveEntry, isFromMain: Bool)] = []
    var target: Double
    var mean: Float?
    var usedOnce: (seen: Float, returned: Float) = (32, 32 * 0.3)
    var victims: (seen: Float, returned: Float) = (32, 32 * 0.1)
    var evictions = 0

    init(budget: Int) {
        self.budget = budget
        target = Double(budget) * 0.2
    }

    private var demotedBytes: Int { demoted.reduce(0) { $0 + $1.entry.size } }
    private var count: Int { small.count + main.count + demoted.count }
    private var usedBytes: Int { small.bytes + main.bytes + demotedBytes }

    mutating func request(_ id: UInt64, size: Int, cost: Float) -> (isHit: Bool, evicted: [UInt64]) {
        if let index = demoted.firstIndex(where: { $0.entry.id == id }) {
            let (entry, isFromMain) = demoted.remove(at: index)
            if isFromMain { main.insert(entry, at: 0) } else { small.insert(entry, at: 0) }
        }
        if let index = small.index(of: id) {
            small[index].visits = min(31, small[index].visits + small[index].gain)
            return (true, [])
        }
        if let index = main.index(of: id) {
            main[index].visits = min(31, main[index].visits + main[index].gain)
            return (true, [])
        }
        guard size <= budget else { return (false, [id]) }
        let value = EntryValue.of(cost: cost, size: size)
        var evicted: [UInt64] = []
        if let ghost = smallGhosts.take(id) {
            if ghost.isWatched { usedOnce.returned += 1 }
            let ratio = Double(mainGhosts.bytes) / Double(smallGhosts.bytes + 1)
            target = min(Double(budget) * 0.3, target + 2 * Double(size) * max(1, ratio))
            makeRoom(size, &evicted)
            enterMain(NaiveEntry(id: id, size: size, value: value), weight: weight(value))
        } else if mainGhosts.take(id) != nil {
            victims.returned += 1
            let ratio = Double(smallGhosts.bytes) / Double(mainGhosts.bytes + 1)
            target = max(Double(budget) * 0.05, target - 2 * Double(size) * max(1, ratio))
            makeRoom(size, &evicted)
            if victims.returned / victims.seen < 0.9 {
                enterMain(NaiveEntry(id: id, size: size, value: value), weight: weight(value))
            } else {
                small.insert(NaiveEntry(id: id, size: size, value: value), at: 0)
            }
        } else {
            let entry = NaiveEntry(id: id, size: size, value: value)
            if Double(size) > target && size > budget - main.bytes - demotedBytes {
                smallGhosts.insert(entry, at: 0)
                trimGhosts()
                return (false, [id])
            }
            makeRoom(size, &evicted)
            small.insert(entry, at: 0)
        }
        return (false, evicted)
    }

    mutating func remove(_ id: UInt64) {
        _ = small.take(id)
        _ = main.take(id)
        demoted.removeAll { $0.entry.id == id }
    }

    mutating func demote(_ id: UInt64) {
        let fromSmall = small.take(id)
        guard var entry = fromSmall ?? main.take(id) else { return }
        entry.isWatched = false
        demoted.insert((entry, fromSmall == nil), at: 0)
    }

    private func weight(_ value: Float) -> Float { EntryValue.weight(value, mean: mean ?? value) }

    private mutating func makeRoom(_ size: Int, _ evicted: inout [UInt64]) {
        while usedBytes + size > budget {
            if let first = demoted.popLast() {
                evicted.append(first.entry.id)
            } else if !small.isEmpty && (Double(small.bytes) > target || main.isEmpty) {
                evictFromSmall(&evicted)
            } else {
                evictFromMain(&evicted)
            }
        }
    }

    private mutating func evictFromSmall(_ evicted: inout [UInt64]) {
        while var entry = small.popLast() {
            let before = mean ?? entry.value
            mean = before + (entry.value - before) / 512
            let weight = EntryValue.weight(entry.value, mean: before)
            let earned = Float(entry.visits) * weight
            var isMoved = weight >= 4 || (entry.visits > 0 && earned >= 2)
            if !(entry.visits > 0 && earned >= 2), entry.visits > 0, earned >= 1 {
                isMoved = usedOnce.returned / usedOnce.seen > victims.returned / victims.seen
                usedOnce.seen += 1
                entry.isWatched = true
            }
            if isMoved {
                enterMain(entry, weight: weight)
                continue
            }
            evicted.append(entry.id)
            smallGhosts.insert(entry, at: 0)
            trimGhosts()
            age()
            return
        }
    }

    private mutating func enterMain(_ entry: NaiveEntry, weight: Float) {
        var entry = entry
        var lives = 0
        var rest = weight
        while rest >= 2 && lives < 7 {
            lives += 1
            rest /= 2
        }
        entry.visits = lives
        entry.gain = Int(min(15, max(1, weight.rounded())))
        main.insert(entry, at: 0)
    }

    private mutating func evictFromMain(_ evicted: inout [UInt64]) {
        while var entry = main.popLast() {
            if entry.isWatched && entry.visits > 0 { usedOnce.returned += 1 }
            entry.isWatched = false
            if entry.visits > 0 && Float(entry.visits) * weight(entry.value) >= 0.5 {
                entry.visits -= 1
                main.insert(entry, at: 0)
                continue
            }
            victims.seen += 1
            evicted.append(entry.id)
            mainGhosts.insert(entry, at: 0)
            trimGhosts()
            age()
            return
        }
    }

    private mutating func trimGhosts() {
        let most = max(64, 2 * count)
        while smallGhosts.bytes > budget + budget / 10 || smallGhosts.count > most { smallGhosts.removeLast() }
        while mainGhosts.bytes > budget / 5 * 3 || mainGhosts.count > most { mainGhosts.removeLast() }
    }

    private mutating func age() {
        evictions += 1
        guard evictions >= max(256, count) else { return }
        evictions = 0
        usedOnce = (usedOnce.seen / 2, usedOnce.returned / 2)
        victims = (victims.seen / 2, victims.returned / 2)
    }
}
