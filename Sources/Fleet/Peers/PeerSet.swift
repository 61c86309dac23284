/// The nodes of a region as one of them sees it: who is there, who fails, how much is under way at each.
///
/// A state machine without clock or I/O: `begin` names the node to ask for a key, `end` tells how it went. Times are
/// wall-clock milliseconds since 1970; a clock that steps back ends a rest rather than making it longer. A node that
/// fails is left out for a time that doubles with each failure; ourselves never. The list is what was configured;
/// `replace` is the seam for membership, weights and draining: a node that drains is simply no longer in the next
/// version of the list.
package struct PeerSet: Sendable {
    package struct BackOff: Hashable, Sendable {
        /// The rest after the first failure.
        package var firstMilliseconds: Int64
        /// No rest is longer.
        package var longestMilliseconds: Int64

        package init(firstMilliseconds: Int64 = 250, longestMilliseconds: Int64 = 30_000) {
            precondition(firstMilliseconds > 0 && longestMilliseconds >= firstMilliseconds)
            self.firstMilliseconds = firstMilliseconds
            self.longestMilliseconds = longestMilliseconds
        }

        /// The rest after so many failures in a row; doubles each time.
        package func milliseconds(after failures: Int) -> Int64 {
            var rest = firstMilliseconds
            for _ in 0..<max(0, failures - 1) where rest < longestMilliseconds {
                rest = min(longestMilliseconds, rest * 2)
            }
            return rest
        }
    }

    private struct Seat: Sendable {
        let number: UInt64
        var health = PeerHealth()
    }

    package let backOff: BackOff
    package let bound: Ownership.LoadBound
    /// Of the list: counts up with every `replace`.
    package private(set) var version: UInt64
    /// Which node owns which key in this version.
    package private(set) var ownership: Ownership
    /// Our place in `ownership.nodes`.
    private var ownPlace: Int
    /// In the order of `ownership.nodes`, as the loads are.
    private var seats: [Seat]
    private var loads: [Int]
    private var lastSeat: UInt64

    /// - Parameters:
    ///   - nodes: All nodes of the region including this one; the same list on every node, in any order.
    ///   - id: The id of this node.
    ///   - version: Of the list; a later one replaces it.
    ///   - backOff: How long failing nodes are left alone.
    ///   - bound: How unevenly requests may be spread.
    /// - Throws: `FleetError.duplicateID`, `.duplicateAddress`, `.tooManyNodes` or `.ourselvesMissing`.
    package init(
        _ nodes: [Node],
        ourselves id: String,
        version: UInt64 = 1,
        backOff: BackOff = BackOff(),
        bound: Ownership.LoadBound = Ownership.LoadBound()
    ) throws(FleetError) {
        try Node.check(nodes)
        guard nodes.contains(where: { $0.id == id }) else { throw .ourselvesMissing(id: id) }
        let ownership = Ownership(nodes)
        self.ownership = ownership
        ownPlace = ownership.nodes.firstIndex { $0.id == id } ?? 0
        seats = ownership.nodes.indices.map { Seat(number: UInt64($0)) }
        loads = Array(repeating: 0, count: nodes.count)
        lastSeat = UInt64(nodes.count)
        self.version = version
        self.backOff = backOff
        self.bound = bound
    }

    package var nodes: [Node] { ownership.nodes }

    package var ourselves: Node { ownership.nodes[ownPlace] }

    /// Who owns a key when all are well and idle: what every node of the region agrees on.
    package func owner(of key: (high: UInt64, low: UInt64)) -> Node { ownership.nodes[ownership.owner(of: key)] }

    /// Takes another list over; nodes that stay keep their health and their load.
    ///
    /// Tickets of nodes that went may still be ended; they change nothing.
    /// - Returns: `false`, with nothing changed, for a version that is not newer.
    /// - Throws: As `init`; nothing is changed then.
    @discardableResult
    package mutating func replace(_ nodes: [Node], version: UInt64) throws(FleetError) -> Bool {
        guard version > self.version else { return false }
        try Node.check(nodes)
        let own = ourselves.id
        guard nodes.contains(where: { $0.id == own }) else { throw .ourselvesMissing(id: own) }
        let before = self
        ownership = Ownership(nodes)
        seats.removeAll()
        loads.removeAll()
        for node in ownership.nodes {
            let place = before.ownership.nodes.firstIndex {
                $0.id == node.id && $0.authority == node.authority && $0.scheme == node.scheme
            }
            seats.append(place.map { before.seats[$0] } ?? Seat(number: lastSeat))
            loads.append(place.map { before.loads[$0] } ?? 0)
            if place == nil { lastSeat += 1 }
        }
        ownPlace = ownership.nodes.firstIndex { $0.id == own } ?? 0
        self.version = version
        return true
    }

    /// The node to ask for a key: its owner, or the next in the key's order if that one rests or is too busy.
    ///
    /// The others' loads are known here only as far as they come from here. Every ticket must be given to `end`.
    package mutating func begin(for key: (high: UInt64, low: UInt64), at nowMilliseconds: Int64) -> PeerTicket {
        var available: UInt64 = 0
        for place in seats.indices
        where place == ownPlace || seats[place].health.isAvailable(at: nowMilliseconds, backOff) {
            available |= 1 << UInt64(place)
        }
        // We ourselves are always available.
        let place = ownership.owner(of: key, loads: loads, available: available, bound: bound) ?? ownPlace
        return take(place, at: nowMilliseconds)
    }

    /// A ticket for ourselves, whoever the owner is: a key kept everywhere, a request that a peer sent, or one that the
    /// owner failed.
    package mutating func beginHere() -> PeerTicket { take(ownPlace, at: 0) }

    /// The request of a ticket is over.
    package mutating func end(_ ticket: PeerTicket, _ outcome: PeerTicket.Outcome, at nowMilliseconds: Int64) {
        guard let place = seats.firstIndex(where: { $0.number == ticket.seat }) else { return }
        assert(loads[place] > 0, "a ticket was ended twice")
        loads[place] = max(0, loads[place] - 1)
        guard place != ownPlace else { return }
        switch outcome {
        case .answered: seats[place].health.answered()
        case .failed: seats[place].health.failed(at: nowMilliseconds, backOff)
        case .abandoned: break
        }
    }

    /// All nodes in the order of their ids.
    package func statuses(at nowMilliseconds: Int64) -> [PeerStatus] {
        seats.indices.map { place in
            let health = seats[place].health
            return PeerStatus(
                node: ownership.nodes[place],
                isOurselves: place == ownPlace,
                load: loads[place],
                failuresInRow: health.failures,
                restsUntilMilliseconds: health.isAvailable(at: nowMilliseconds, backOff)
                    ? nil : health.restsUntilMilliseconds
            )
        }
    }

    private mutating func take(_ place: Int, at nowMilliseconds: Int64) -> PeerTicket {
        if place != ownPlace { seats[place].health.asked(at: nowMilliseconds, backOff) }
        loads[place] += 1
        return PeerTicket(node: ownership.nodes[place], isOurselves: place == ownPlace, seat: seats[place].number)
    }
}
