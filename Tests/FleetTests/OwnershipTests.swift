import Fleet
import Testing

@Suite("Ownership")
struct OwnershipTests {
    private static func nodes(_ count: Int, weight: (Int) -> Int = { _ in 1 }) -> [Node] {
        (0..<count).map { Node(id: "edge-\($0)", host: "10.0.0.\($0 + 1)", port: 8080, weight: weight($0)) }
    }

    /// Σ (seen − expected)² / expected.
    private static func chiSquare(_ ownership: Ownership, keys: Int, seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed)
        var seen = Array(repeating: 0, count: ownership.nodes.count)
        for _ in 0..<keys { seen[ownership.owner(of: generator.key())] += 1 }
        let weights = ownership.nodes.reduce(0) { $0 + $1.weight }
        return zip(seen, ownership.nodes).reduce(0) { sum, pair in
            let expected = Double(keys) * Double(pair.1.weight) / Double(weights)
            return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
        }
    }

    @Test("equal nodes own equally many keys", arguments: [2, 3, 10, 64])
    func balance(count: Int) {
        // The mean of chi-square is count − 1, its deviation √(2 (count − 1)); five of these are not seen by chance.
        let freedom = Double(count - 1)
        let chiSquare = Self.chiSquare(Ownership(Self.nodes(count)), keys: 100_000, seed: 7)
        #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot() + 5)
    }

    @Test("keys that differ in one bit are spread as well as others", arguments: [0, 64])
    func sequentialKeys(shift: UInt64) {
        let ownership = Ownership(Self.nodes(10))
        var seen = Array(repeating: 0, count: 10)
        for number in 0..<50_000 as Range<UInt64> {
            seen[ownership.owner(of: shift == 0 ? (0, number) : (number, 0))] += 1
        }
        let chiSquare = seen.reduce(0.0) { $0 + Double(($1 - 5000) * ($1 - 5000)) / 5000 }
        #expect(chiSquare < 9 + 5 * 18.0.squareRoot() + 5)
    }

    @Test("a node's share of the keys is its weight's share")
    func weights() {
        let ownership = Ownership(Self.nodes(8) { [1, 2, 3, 4, 1, 2, 500, 1000][$0] })
        #expect(Self.chiSquare(ownership, keys: 200_000, seed: 11) < 7 + 5 * 14.0.squareRoot() + 5)
    }

    @Test("when a node leaves only its keys move, to whoever was next; when it joins it only takes")
    func movement() {
        let all = Self.nodes(10) { 1 + $0 % 3 }
        for lost in [0, 4, 9] {
            let with = Ownership(all)
            let without = Ownership(all.filter { $0.id != "edge-\(lost)" })
            var generator = SeededGenerator(seed: UInt64(lost))
            var moved = 0
            for _ in 0..<20_000 {
                let key = generator.key()
                let order = with.order(of: key).map { with.nodes[$0].id }
                let owner = without.nodes[without.owner(of: key)].id
                if order[0] == "edge-\(lost)" {
                    moved += 1
                    #expect(owner == order[1])
                } else {
                    #expect(owner == order[0])
                }
            }
            #expect(moved > 500)
        }
    }

    @Test("a heavier weight only takes keys, and never gives one away")
    func growingWeight() {
        let before = Ownership(Self.nodes(6))
        let after = Ownership(Self.nodes(6) { $0 == 2 ? 3 : 1 })
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            let key = generator.key()
            let owner = after.owner(of: key)
            #expect(owner == before.owner(of: key) || owner == 2)
        }
    }

    @Test("the order of the list, and a common factor of all weights, do not matter")
    func listOrder() {
        var generator = SeededGenerator(seed: 3)
        let ownership = Ownership(Self.nodes(12))
        let shuffled = Ownership(Self.nodes(12).shuffled(using: &generator))
        let heavy = Ownership(Self.nodes(12) { _ in 7 })
        for _ in 0..<5000 {
            let key = generator.key()
            #expect(ownership.order(of: key) == shuffled.order(of: key))
            #expect(ownership.order(of: key) == heavy.order(of: key))
        }
    }

    @Test("an order names every node once and begins with the owner")
    func orders() {
        var generator = SeededGenerator(seed: 9)
        for count in [1, 2, 33, Ownership.nodesMax] {
            let ownership = Ownership(Self.nodes(count) { 1 + $0 })
            for _ in 0..<200 {
                let key = generator.key()
                let order = ownership.order(of: key)
                #expect(order.sorted() == Array(0..<count))
                #expect(order[0] == ownership.owner(of: key))
            }
        }
    }

    @Test("the choice under load is the first node in order that is there and has room")
    func boundedLoad() {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<5000 {
            let count = generator.number(1..<12)
            let ownership = Ownership(Self.nodes(count) { _ in generator.number(1..<5) })
            let bound = Ownership.LoadBound(slackPercent: generator.number(1..<101), floor: generator.number(1..<20))
            let loads = (0..<count).map { _ in generator.number(0..<60) }
            let available = generator.next() & generator.next() | generator.next()
            let key = generator.key()
            let there = ownership.order(of: key).filter { available >> UInt64($0) & 1 == 1 }
            let load = there.reduce(1) { $0 + loads[$1] }
            let weight = there.reduce(0) { $0 + ownership.nodes[$1].weight }
            let expected = there.first { place in
                let fair = Double(load * ownership.nodes[place].weight) / Double(weight)
                let capacity = ((1 + Double(bound.slackPercent) / 100) * fair - 1e-9).rounded(.up)
                return Double(loads[place]) < max(Double(bound.floor), capacity)
            }
            #expect(ownership.owner(of: key, loads: loads, available: available, bound: bound) == expected)
        }
    }

    @Test("no node gets more than its bound, however many requests one key has")
    func oneHotKey() {
        let ownership = Ownership(Self.nodes(10))
        let bound = Ownership.LoadBound(slackPercent: 25, floor: 4)
        var loads = Array(repeating: 0, count: 10)
        for request in 1...1000 {
            let place = ownership.owner(of: (1, 2), loads: loads, bound: bound)
            loads[place ?? 0] += 1
            let capacity = max(4, (Double(request) * 1.25 / 10).rounded(.up))
            #expect(place != nil && loads.allSatisfy { Double($0) <= capacity })
        }
    }

    @Test("with little under way the owner keeps its keys; with nobody there, nobody is chosen")
    func edges() {
        let ownership = Ownership(Self.nodes(3))
        let owner = ownership.owner(of: (5, 5))
        var loads = [0, 0, 0]
        loads[owner] = 15
        #expect(ownership.owner(of: (5, 5), loads: loads) == owner)
        loads[owner] = 16
        #expect(ownership.owner(of: (5, 5), loads: loads) != owner)
        #expect(ownership.owner(of: (5, 5), loads: loads, available: 0) == nil)
        #expect(ownership.owner(of: (5, 5), loads: loads, available: 1 << UInt64(owner)) == owner)
    }

    @Test("owners are the same in every version")
    func golden() throws {
        var text = ""
        let lists: [[(String, Int)]] = [
            [("a", 1)],
            [("edge-a", 1), ("edge-b", 1), ("edge-c", 1)],
            (0..<10).map { ("10.0.0.\($0):8080", 1) },
            [("edge-a", 1), ("edge-b", 2), ("edge-c", 4), ("edge-d", 1000), ("edge-e", 999)],
        ]
        for list in lists {
            text += "nodes \(list.map { "\($0.0)*\($0.1)" }.joined(separator: " "))\n"
            let ownership = Ownership(list.map { Node(id: $0.0, host: "h", port: 1, weight: $0.1) })
            var generator = SeededGenerator(seed: 2026)
            var keys: [(high: UInt64, low: UInt64)] = [(0, 0), (0, 1), (1, 0), (.max, .max)]
            for _ in 0..<28 { keys.append(generator.key()) }
            for key in keys {
                let order = ownership.order(of: key).map { ownership.nodes[$0].id }
                text += "\(Self.hexadecimal(key.high))\(Self.hexadecimal(key.low)) \(order.joined(separator: " "))\n"
            }
        }
        try GoldenFile("ownership.txt").expect(text)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
