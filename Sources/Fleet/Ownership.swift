/// Which node of a region owns a key: weighted rendezvous hashing, optionally with bounded loads.
///
/// Each node gets a score for each key, from nothing but the key, the node's id and its weight; the best score owns the
/// key (Thaler and Ravishankar, *Using name-based mappings to increase hit rates*, 1998). So all nodes with the same
/// list agree without a word, a node's share is its weight's share, and when a node joins or leaves, only the keys it
/// wins or loses move. With loads given, a node takes at most (1 + ε) times its fair part and the rest goes to the next
/// node in the key's order (Mirrokni, Thorup and Zadimoghaddam, *Consistent hashing with bounded loads*, 2016).
///
/// Costs one pass over the nodes, 5 to 15 ns each, without allocation. Nothing fails. Scores are whole numbers and part
/// of the format in `docs/formats/ownership.md`: nodes of different versions must agree.
package struct Ownership: Hashable, Sendable {
    /// More nodes than this are not a region but a directory; `available` has one bit for each.
    package static let nodesMax = 64

    /// How unevenly requests under way may be spread before a key goes to another than its owner.
    package struct LoadBound: Hashable, Sendable {
        /// ε in percent, greater than 0: how far a node's load may stand above its fair part.
        package var slackPercent: Int
        /// A node with less under way than this is never too busy, whatever the others do: with little traffic,
        /// keeping keys at their owners is worth more than an even spread.
        package var floor: Int

        package init(slackPercent: Int = 25, floor: Int = 16) {
            precondition(slackPercent > 0 && slackPercent <= 1000 && floor >= 1)
            self.slackPercent = slackPercent
            self.floor = floor
        }
    }

    /// In order of their ids; other verbs name a node by its place here.
    package let nodes: [Node]
    private let seeds: [UInt64]
    private let weights: [UInt64]
    private let isWeighted: Bool

    /// - Precondition: one to `nodesMax` nodes, no id twice. `PeerSet` checks what people write.
    package init(_ nodes: [Node]) {
        precondition(!nodes.isEmpty && nodes.count <= Self.nodesMax)
        precondition(Set(nodes.map(\.id)).count == nodes.count, "two nodes with one id")
        self.nodes = nodes.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        seeds = self.nodes.map { Mixing.seed(of: $0.id) }
        weights = self.nodes.map { UInt64($0.weight) }
        isWeighted = Set(weights).count > 1
    }

    /// The owner, by its place in `nodes`.
    package func owner(of key: (high: UInt64, low: UInt64)) -> Int {
        // With one node at least, there is a best one.
        best(for: key, among: .max) ?? 0
    }

    /// The first node in the key's order that is available and not too busy.
    ///
    /// - Parameters:
    ///   - key: 128 bits.
    ///   - loads: Requests under way at each node, in the order of `nodes`.
    ///   - available: A bit for each node that may be chosen; bit 0 is `nodes[0]`.
    ///   - bound: How unevenly the requests may be spread.
    /// - Returns: A place in `nodes`; `nil` only if none is available.
    package func owner(
        of key: (high: UInt64, low: UInt64),
        loads: [Int],
        available: UInt64 = .max,
        bound: LoadBound = LoadBound()
    ) -> Int? {
        precondition(loads.count == nodes.count)
        var total = 1
        var weight = 0
        for place in nodes.indices where available >> UInt64(place) & 1 == 1 {
            total += loads[place]
            weight += Int(weights[place])
        }
        guard weight > 0 else { return nil }
        var free: UInt64 = 0
        for place in nodes.indices where available >> UInt64(place) & 1 == 1 {
            let numerator = (100 + bound.slackPercent) * total * Int(weights[place])
            let capacity = max(bound.floor, (numerator + 100 * weight - 1) / (100 * weight))
            if loads[place] < capacity { free |= 1 << UInt64(place) }
        }
        // The capacities add up to more than the load, so there is always a node with room.
        return best(for: key, among: free)
    }

    /// All nodes, the owner first, then who takes over from whom.
    package func order(of key: (high: UInt64, low: UInt64)) -> [Int] {
        var order: [Int] = []
        var left: UInt64 = .max
        while let place = best(for: key, among: left) {
            order.append(place)
            left &= ~(1 << UInt64(place))
        }
        return order
    }

    /// The best score among the nodes whose bits are set.
    private func best(for key: (high: UInt64, low: UInt64), among mask: UInt64) -> Int? {
        if isWeighted { return bestWeighted(for: key, among: mask) }
        var best: Int?
        var bestHash: UInt64 = 0
        for place in seeds.indices where mask >> UInt64(place) & 1 == 1 {
            let hash = Mixing.mixed(key, seed: seeds[place])
            if hash > bestHash || best == nil {
                best = place
                bestHash = hash
            }
        }
        return best
    }

    /// By −log₂(u) / weight: exponentially distributed, and the smallest of several is a node's with the odds of its
    /// weight.
    ///
    /// Compared without a division: a logarithm has 47 bits and a weight ten.
    private func bestWeighted(for key: (high: UInt64, low: UInt64), among mask: UInt64) -> Int? {
        let logarithm = BinaryLogarithm.shared
        var best: Int?
        var bestHash: UInt64 = 0
        var bestDistance: (logarithm: UInt64, weight: UInt64) = (1, 0)
        for place in seeds.indices where mask >> UInt64(place) & 1 == 1 {
            let hash = Mixing.mixed(key, seed: seeds[place])
            let weight = weights[place]
            let distance = logarithm.negated(ofShare: hash)
            let left = distance * bestDistance.weight
            let right = bestDistance.logarithm * weight
            if left < right || (left == right && hash > bestHash) {
                best = place
                bestHash = hash
                bestDistance = (distance, weight)
            }
        }
        return best
    }
}
