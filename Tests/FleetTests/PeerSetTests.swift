import Fleet
import Testing

@Suite("PeerSet")
struct PeerSetTests {
    private static let backOff = PeerSet.BackOff(firstMilliseconds: 100, longestMilliseconds: 1000)

    private static func nodes(_ ids: String...) -> [Node] {
        ids.map { Node(id: $0, host: $0, port: 80) }
    }

    private static func set(_ nodes: [Node], ourselves id: String = "a") throws(FleetError) -> PeerSet {
        try PeerSet(nodes, ourselves: id, backOff: backOff)
    }

    /// A key that the node owns.
    private static func key(of id: String, in set: PeerSet, seed: UInt64 = 1) -> (high: UInt64, low: UInt64) {
        var generator = SeededGenerator(seed: seed)
        while true {
            let key = generator.key()
            if set.owner(of: key).id == id { return key }
        }
    }

    @Test("a node alone owns everything")
    func alone() throws {
        var set = try Self.set(Self.nodes("a"))
        let ticket = set.begin(for: (1, 2), at: 0)
        #expect(ticket.isOurselves && ticket.node == set.ourselves)
        set.end(ticket, .failed, at: 0)
        #expect(set.begin(for: (1, 2), at: 0).isOurselves)
    }

    @Test("ourselves must be in the list")
    func missing() {
        #expect(throws: FleetError.ourselvesMissing(id: "z")) { try Self.set(Self.nodes("a", "b"), ourselves: "z") }
        #expect(throws: FleetError.ourselvesMissing(id: "a")) { try Self.set([]) }
        #expect(throws: FleetError.duplicateID("a")) {
            try Self.set([Node(id: "a", host: "x", port: 1), Node(id: "a", host: "y", port: 1)])
        }
    }

    @Test("every node of the region names the same owner")
    func agreement() throws {
        let sets = try ["a", "b", "c"].map { try Self.set(Self.nodes("c", "a", "b"), ourselves: $0) }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<1000 {
            let key = generator.key()
            #expect(Set(sets.map { $0.owner(of: key).id }).count == 1)
        }
    }

    @Test("a node that fails is left alone for a time that doubles, then one request tries")
    func backOff() throws {
        var set = try Self.set(Self.nodes("a", "b", "c"))
        let key = Self.key(of: "b", in: set)
        var now: Int64 = 0
        for rest: Int64 in [100, 200, 400, 800, 1000, 1000] {
            let ticket = set.begin(for: key, at: now)
            #expect(ticket.node.id == "b")
            if rest > 100 {
                // The trial is under way: nobody else goes there.
                let other = set.begin(for: key, at: now)
                #expect(other.node.id != "b")
                set.end(other, .answered, at: now)
            }
            set.end(ticket, .failed, at: now)
            #expect(set.statuses(at: now)[1].restsUntilMilliseconds == now + rest)
            let other = set.begin(for: key, at: now + rest - 1)
            #expect(other.node.id != "b")
            set.end(other, .answered, at: now)
            now += rest
        }
        let trial = set.begin(for: key, at: now)
        set.end(trial, .answered, at: now)
        #expect(set.statuses(at: now)[1].failuresInRow == 0)
        for _ in 0..<3 { #expect(set.begin(for: key, at: now).node.id == "b") }
    }

    @Test("requests that fail together count as one failure")
    func failuresTogether() throws {
        var set = try Self.set(Self.nodes("a", "b"))
        let key = Self.key(of: "b", in: set)
        let tickets = (0..<5).map { _ in set.begin(for: key, at: 0) }
        for ticket in tickets { set.end(ticket, .failed, at: 10) }
        let status = set.statuses(at: 10)[1]
        #expect(status.failuresInRow == 1 && status.restsUntilMilliseconds == 110 && status.load == 0)
    }

    @Test("a trial of which nothing is heard does not keep the node out for ever")
    func silentTrial() throws {
        var set = try Self.set(Self.nodes("a", "b"))
        let key = Self.key(of: "b", in: set)
        set.end(set.begin(for: key, at: 0), .failed, at: 0)
        #expect(set.begin(for: key, at: 100).node.id == "b")
        #expect(set.begin(for: key, at: 199).node.id == "a")
        #expect(set.begin(for: key, at: 200).node.id == "b")
    }

    @Test("an abandoned request says nothing about the node")
    func abandoned() throws {
        var set = try Self.set(Self.nodes("a", "b"))
        let key = Self.key(of: "b", in: set)
        set.end(set.begin(for: key, at: 0), .abandoned, at: 0)
        #expect(set.begin(for: key, at: 0).node.id == "b")
    }

    @Test("a clock that is set back does not make a rest longer")
    func clockSetBack() throws {
        var set = try Self.set(Self.nodes("a", "b"))
        let key = Self.key(of: "b", in: set)
        set.end(set.begin(for: key, at: 10_000_000), .failed, at: 10_000_000)
        #expect(set.begin(for: key, at: 5000).node.id == "b")
    }

    @Test("when all others fail, we do it ourselves")
    func allFail() throws {
        var set = try Self.set(Self.nodes("a", "b", "c"))
        for id in ["b", "c"] {
            set.end(set.begin(for: Self.key(of: id, in: set), at: 0), .failed, at: 0)
        }
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<50 { #expect(set.begin(for: generator.key(), at: 50).isOurselves) }
        #expect(set.statuses(at: 50)[0].load == 50)
    }

    @Test("a newer list is taken over, with health and load of the nodes that stay")
    func replaces() throws {
        var set = try Self.set(Self.nodes("a", "b", "c"))
        let held = set.begin(for: Self.key(of: "c", in: set), at: 0)
        let lost = set.begin(for: Self.key(of: "b", in: set), at: 0)
        set.end(set.begin(for: Self.key(of: "c", in: set), at: 0), .failed, at: 0)
        #expect(try set.replace(Self.nodes("d", "c", "a"), version: 5))
        #expect(set.version == 5 && set.nodes.map(\.id) == ["a", "c", "d"] && set.ourselves.id == "a")
        #expect(set.statuses(at: 0).map(\.load) == [0, 1, 0])
        #expect(set.statuses(at: 0)[1].restsUntilMilliseconds == 100)
        set.end(lost, .failed, at: 0)
        set.end(held, .answered, at: 0)
        #expect(set.statuses(at: 0).map(\.load) == [0, 0, 0])
        #expect(try set.replace(Self.nodes("a"), version: 5) == false)
        #expect(throws: FleetError.ourselvesMissing(id: "a")) { try set.replace(Self.nodes("b"), version: 6) }
        #expect(set.version == 5 && set.nodes.count == 3)
        // One that comes back at another address starts anew, and old tickets don't touch it.
        let old = set.begin(for: Self.key(of: "d", in: set), at: 0)
        #expect(try set.replace(Self.nodes("a") + [Node(id: "d", host: "elsewhere", port: 80)], version: 7))
        let new = set.begin(for: Self.key(of: "d", in: set), at: 0)
        set.end(old, .failed, at: 0)
        #expect(set.statuses(at: 0)[1].load == 1 && set.statuses(at: 0)[1].failuresInRow == 0)
        set.end(new, .answered, at: 0)
    }

    @Test("loads are the tickets that are not ended, through any events", arguments: 0..<20)
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var set = try Self.set(Self.nodes("a", "b", "c", "d"))
        var open: [PeerTicket] = []
        var now: Int64 = 0
        var version: UInt64 = 1
        for _ in 0..<2000 {
            now += Int64(generator.number(0..<30))
            switch generator.number(0..<10) {
            case 0..<5: open.append(set.begin(for: generator.key(), at: now))
            case 5: open.append(set.beginHere())
            case 6..<9 where !open.isEmpty:
                let ticket = open.remove(at: generator.number(0..<open.count))
                let outcomes: [PeerTicket.Outcome] = [.answered, .failed, .abandoned]
                set.end(ticket, outcomes[generator.number(0..<3)], at: now)
            default:
                version += 1
                let ids = ["b", "c", "d", "e"].filter { _ in generator.next() & 1 == 0 }
                let gone = Set(set.nodes.map(\.id)).subtracting(ids + ["a"])
                try set.replace((ids + ["a"]).map { Node(id: $0, host: $0, port: 80) }, version: version)
                open.removeAll { gone.contains($0.node.id) }
            }
            for status in set.statuses(at: now) {
                #expect(status.load == open.filter { $0.node.id == status.node.id }.count)
                if let until = status.restsUntilMilliseconds { #expect(until > now && until <= now + 1000) }
            }
        }
    }
}
