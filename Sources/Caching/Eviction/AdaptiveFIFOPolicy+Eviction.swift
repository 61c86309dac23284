// Who comes in, who leaves, and what is learned from it.
extension AdaptiveFIFOPolicy {
    mutating func admitNewcomer(_ entry: CacheEntry, evicted: inout [UInt64]) {
        var entry = entry
        if Double(entry.size) > smallTarget && entry.size > budget - main.bytes - demoted.bytes {
            entry.queue = Residence.smallGhost
            evicted.append(entry.id)
            table.pushFront(table.insert(entry), to: &smallGhosts)
            table.trim(&smallGhosts, bytesMax: smallGhostBytes, countMax: ghostsMax)
            return
        }
        makeRoom(entry.size, evicted: &evicted)
        entry.queue = Residence.small
        table.pushFront(table.insert(entry), to: &small)
    }

    /// An entry that was evicted not long ago is back: it says which queue was too short, and goes to main, unless
    /// nearly all that main evicts comes back.
    mutating func admitGhost(_ place: Int32, size: Int, value: Float, evicted: inout [UInt64]) {
        let step = 2 * Double(size)
        let isFromSmall = table[place].queue == Residence.smallGhost
        if isFromSmall {
            table.unlink(place, from: &smallGhosts)
            if table[place].isWatched { usedOnce.comeBack() }
            let ratio = Double(mainGhosts.bytes) / Double(smallGhosts.bytes + 1)
            smallTarget = min(smallTarget + step * max(1, ratio), Double(budget) * Self.smallShareMax)
        } else {
            table.unlink(place, from: &mainGhosts)
            mainVictims.comeBack()
            let ratio = Double(smallGhosts.bytes) / Double(mainGhosts.bytes + 1)
            smallTarget = max(smallTarget - step * max(1, ratio), Double(budget) * Self.smallShareMin)
        }
        table[place].size = size
        table[place].value = value
        table[place].isWatched = false
        makeRoom(size, evicted: &evicted)
        if isFromSmall || mainVictims.rate < Self.loopRate {
            enterMain(place, weight: weight(of: place))
        } else {
            table[place].queue = Residence.small
            table[place].visits = 0
            table[place].gain = 1
            table.pushFront(place, to: &small)
        }
    }

    mutating func makeRoom(_ size: Int, evicted: inout [UInt64]) {
        while usedBytes > budget - size {
            if !demoted.isEmpty {
                let victim = demoted.back
                table.unlink(victim, from: &demoted)
                evicted.append(table[victim].id)
                table.remove(victim)
            } else if !small.isEmpty && (Double(small.bytes) > smallTarget || main.isEmpty) {
                evictFromSmall(&evicted)
            } else {
                evictFromMain(&evicted)
            }
        }
    }

    private func weight(of place: Int32) -> Float {
        let value = table[place].value
        return EntryValue.weight(value, mean: meanValue ?? value)
    }

    /// Moves on what has earned it and lets the first that has not go.
    private mutating func evictFromSmall(_ evicted: inout [UInt64]) {
        while !small.isEmpty {
            let place = small.back
            table.unlink(place, from: &small)
            let value = table[place].value
            let mean = meanValue ?? value
            meanValue = mean + (value - mean) / 512
            let weight = EntryValue.weight(value, mean: mean)
            if hasEarnedMain(place, weight: weight) {
                enterMain(place, weight: weight)
                continue
            }
            evicted.append(table[place].id)
            table[place].queue = Residence.smallGhost
            table.pushFront(place, to: &smallGhosts)
            table.trim(&smallGhosts, bytesMax: smallGhostBytes, countMax: ghostsMax)
            age()
            return
        }
    }

    private mutating func hasEarnedMain(_ place: Int32, weight: Float) -> Bool {
        let visits = table[place].visits
        let earned = Float(visits) * weight
        if visits > 0 && earned >= 2 { return true }
        if visits > 0 && earned >= 1 {
            let isWorthIt = usedOnce.rate > mainVictims.rate
            usedOnce.see()
            table[place].isWatched = true
            return isWorthIt
        }
        return weight >= Self.weightToMove
    }

    private mutating func enterMain(_ place: Int32, weight: Float) {
        table[place].queue = Residence.main
        table[place].visits = weight >= 2 ? UInt8(min(7, weight.exponent)) : 0
        table[place].gain = UInt8(min(max(weight.rounded(), 1), Self.gainMax))
        table.pushFront(place, to: &main)
    }

    /// Gives what was used, or has lives left, another round and lets the first that was not go.
    private mutating func evictFromMain(_ evicted: inout [UInt64]) {
        var rounds = 0
        while true {
            let place = main.back
            let visits = table[place].visits
            if table[place].isWatched {
                if visits > 0 { usedOnce.comeBack() }
                table[place].isWatched = false
            }
            if visits > 0 && rounds < Self.roundsMax && Float(visits) * weight(of: place) >= 0.5 {
                rounds += 1
                table[place].visits = visits - 1
                table.rotate(&main)
                continue
            }
            table.unlink(place, from: &main)
            mainVictims.see()
            evicted.append(table[place].id)
            table[place].queue = Residence.mainGhost
            table[place].visits = 0
            table[place].gain = 1
            table.pushFront(place, to: &mainGhosts)
            table.trim(&mainGhosts, bytesMax: mainGhostBytes, countMax: ghostsMax)
            age()
            return
        }
    }

    private var ghostsMax: Int { max(64, 2 * count) }
    private var smallGhostBytes: Int { budget + budget / 10 }
    private var mainGhostBytes: Int { budget / 5 * 3 }

    private mutating func age() {
        evictionsSinceAgeing += 1
        guard evictionsSinceAgeing >= max(256, count) else { return }
        evictionsSinceAgeing = 0
        usedOnce.age()
        mainVictims.age()
    }
}
