import Synchronization

/// Whole responses in memory under a byte budget.
///
/// **Promises.** Never holds more than its budget (each shard has an equal part of it); a response that was replaced,
/// evicted or removed is marked so, once. **Costs.** One uncontended lock, one hash and one policy update for a
/// look-up. **Fails** never: a response that does not fit is not taken.
package final class MemoryTier: Sendable {
    private struct Shard: Sendable {
        var responses: [UInt64: CachedResponse] = [:]
        var policy: any EvictionPolicy
        var statistics = MemoryTierStatistics()
        /// Reused from call to call.
        var evicted: [UInt64] = []
    }

    package let budgetBytes: Int
    private let shards: [ShardBox]

    private final class ShardBox: Sendable {
        let shard: Mutex<Shard>

        init(_ shard: Shard) { self.shard = Mutex(shard) }
    }

    /// `policy`: makes the policy of one shard from its budget in bytes.
    package init(budgetBytes: Int, shardCount: Int = 8, policy: (Int) -> any EvictionPolicy) {
        precondition(budgetBytes >= 0 && shardCount > 0)
        self.budgetBytes = budgetBytes
        shards = (0..<shardCount).map { _ in ShardBox(Shard(policy: policy(budgetBytes / shardCount))) }
    }

    /// The response under a key; counts as a use of it.
    package func response(for key: EntryKey) -> CachedResponse? {
        box(key).shard.withLock { shard in
            guard let found = shard.responses[key.low], found.key == key else {
                shard.statistics.misses += 1
                return nil
            }
            shard.policy.recordHit(key.low)
            shard.statistics.hits += 1
            return found
        }
    }

    /// The response under a key, without counting a use.
    package func peek(_ key: EntryKey) -> CachedResponse? {
        box(key).shard.withLock { shard in
            guard let found = shard.responses[key.low], found.key == key else { return nil }
            return found
        }
    }

    /// Counts a use of a response that was found by other means.
    package func recordHit(_ response: CachedResponse) {
        box(response.key).shard.withLock { shard in
            guard !response.isEvicted else { return }
            shard.policy.recordHit(response.key.low)
            shard.statistics.hits += 1
        }
    }

    /// Takes a response, replacing one of the same key; returns what had to go, the replaced one not included.
    ///
    /// A response that is not taken is marked evicted, and `false` is returned with nothing.
    @discardableResult
    package func insert(_ response: CachedResponse) -> (isTaken: Bool, evicted: [CachedResponse]) {
        let id = response.key.low
        return box(response.key).shard.withLock { shard in
            if let old = shard.responses.removeValue(forKey: id) {
                shard.policy.remove(id)
                shard.statistics.usedBytes -= old.size
                old.markEvicted()
            }
            shard.evicted.removeAll(keepingCapacity: true)
            shard.responses[id] = response
            shard.statistics.usedBytes += response.size
            shard.statistics.insertions += 1
            shard.policy.admit(
                id,
                size: response.size,
                cost: response.costMilliseconds,
                evicted: &shard.evicted
            )
            var gone: [CachedResponse] = []
            var isTaken = true
            for victim in shard.evicted {
                guard let old = shard.responses.removeValue(forKey: victim) else { continue }
                shard.statistics.usedBytes -= old.size
                old.markEvicted()
                if victim == id {
                    isTaken = false
                    shard.statistics.refusals += 1
                } else {
                    shard.statistics.evictions += 1
                    gone.append(old)
                }
            }
            return (isTaken, gone)
        }
    }

    /// Lets go of a response if it is still the one under its key.
    package func remove(_ response: CachedResponse) {
        let id = response.key.low
        box(response.key).shard.withLock { shard in
            guard let held = shard.responses[id], held === response else { return }
            shard.responses[id] = nil
            shard.policy.remove(id)
            shard.statistics.usedBytes -= response.size
            response.markEvicted()
        }
    }

    /// Hints that a response is cheap to make again: among equals it goes first.
    package func demote(_ key: EntryKey) {
        box(key).shard.withLock { shard in
            guard let held = shard.responses[key.low], held.key == key else { return }
            shard.policy.demote(key.low)
        }
    }

    package var statistics: MemoryTierStatistics {
        var sum = MemoryTierStatistics()
        sum.budgetBytes = budgetBytes
        for box in shards {
            let one = box.shard.withLock { shard in
                var statistics = shard.statistics
                statistics.entries = shard.responses.count
                return statistics
            }
            sum.entries += one.entries
            sum.usedBytes += one.usedBytes
            sum.hits += one.hits
            sum.misses += one.misses
            sum.insertions += one.insertions
            sum.evictions += one.evictions
            sum.refusals += one.refusals
        }
        return sum
    }

    private func box(_ key: EntryKey) -> ShardBox {
        shards[Int(truncatingIfNeeded: key.high % UInt64(shards.count))]
    }
}
