/// Which keys are so popular that every node should keep them, and the list of the most popular ones.
///
/// Counts all keys in a small sketch and halves everything regularly, so that yesterday's favourites fade. A key is hot
/// when it makes up at least a certain share of the recent requests, so there are never many hot keys: about
/// `1 / share`. Costs some 64 KB, and per request a few hashes and memory reads; pure. Counts of keys that come rarely
/// are too high by up to e / `width` of the total, which is far below the share for the defaults.
package struct HotKeys: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Counters in each of the sketch's four rows; a power of two.
        package var width: Int
        /// Requests after which all counts are halved; the weight of a request thus halves about every
        /// `window / 2` requests.
        package var window: Int
        /// The part of the recent requests that makes a key hot.
        package var share: Double
        /// Requests that a key needs to be hot, however few there are in all.
        package var countMin: Int
        /// Length of the list of the most popular keys.
        package var topMax: Int

        package init(
            width: Int = 4096,
            window: Int = 131_072,
            share: Double = 0.002,
            countMin: Int = 16,
            topMax: Int = 50
        ) {
            precondition(window >= 2 && window <= 1 << 30 && share > 0 && share <= 1)
            precondition(countMin >= 1 && (1...1024).contains(topMax))
            self.width = width
            self.window = window
            self.share = share
            self.countMin = countMin
            self.topMax = topMax
        }
    }

    private struct Entry: Sendable {
        let high: UInt64
        let low: UInt64
        var count: UInt32
    }

    package let limits: Limits
    /// Recent requests, older ones counted less.
    package private(set) var total = 0
    private var sketch: FrequencySketch
    /// The keys with the highest estimates, in no order.
    private var entries: [Entry] = []
    /// The lowest count in a full list, and where it is.
    private var least: (count: UInt32, place: Int) = (0, 0)
    private var threshold: UInt32

    /// - Parameters:
    ///   - limits: Sizes and thresholds.
    ///   - seed: Something that outsiders don't know, so that they can't make keys look hot together.
    package init(limits: Limits = Limits(), seed: UInt64) {
        self.limits = limits
        sketch = FrequencySketch(width: limits.width, seed: seed)
        entries.reserveCapacity(limits.topMax)
        threshold = UInt32(limits.countMin)
    }

    /// Counts a request, or `weight` of them where only one of so many is looked at; `true` if its key is hot now.
    @discardableResult
    package mutating func record(_ key: (high: UInt64, low: UInt64), weight: Int = 1) -> Bool {
        precondition(weight >= 1)
        if total >= limits.window { decay() }
        total += weight
        if weight > 1 || total & 63 == 0 { updateThreshold() }
        let count = sketch.add(key, weight: UInt32(clamping: weight))
        if entries.count < limits.topMax || count > least.count { list(key, count) }
        return count >= threshold
    }

    /// Whether a key is hot, without counting.
    package func isHot(_ key: (high: UInt64, low: UInt64)) -> Bool { sketch.estimate(key) >= threshold }

    /// Requests for a key, older ones counted less: at least the count but for the rounding of the decay.
    package func estimate(_ key: (high: UInt64, low: UInt64)) -> Int { Int(sketch.estimate(key)) }

    /// The most popular keys, the first one most; at most `limits.topMax`.
    package var top: [HotKey] {
        entries.sorted { ($0.count, $1.high, $1.low) > ($1.count, $0.high, $0.low) }.map { entry in
            HotKey(
                high: entry.high,
                low: entry.low,
                count: Int(entry.count),
                share: total == 0 ? 0 : min(1, Double(entry.count) / Double(total))
            )
        }
    }

    /// Halves all counts; happens by itself every `window` requests, and may be called by a timer so that a quiet
    /// node forgets too.
    package mutating func decay() {
        total /= 2
        sketch.halve()
        for place in entries.indices { entries[place].count >>= 1 }
        entries.removeAll { $0.count == 0 }
        updateThreshold()
        findLeast()
    }

    private mutating func updateThreshold() {
        threshold = UInt32(max(limits.countMin, Int((limits.share * Double(total)).rounded(.up))))
    }

    /// Puts a key on the list, or its new count.
    private mutating func list(_ key: (high: UInt64, low: UInt64), _ count: UInt32) {
        let place: Int
        if let known = entries.firstIndex(where: { $0.low == key.low && $0.high == key.high }) {
            place = known
            entries[place].count = count
        } else if entries.count < limits.topMax {
            place = entries.count
            entries.append(Entry(high: key.high, low: key.low, count: count))
        } else {
            place = least.place
            entries[place] = Entry(high: key.high, low: key.low, count: count)
        }
        if entries.count < limits.topMax {
            least = (0, 0)
        } else if place == least.place || least.count == 0 {
            findLeast()
        }
    }

    private mutating func findLeast() {
        least = (0, 0)
        guard entries.count == limits.topMax else { return }
        least = (.max, 0)
        for place in entries.indices where entries[place].count < least.count { least = (entries[place].count, place) }
    }
}
