import HTTPSemantics
import HTTPTypes
import NIOCore
import Testing
import VitrineTesting

@testable import Caching

@Suite("Responses in memory")
struct MemoryTierTests {
    private static func response(_ name: String, bytes: Int = 0, cost: Float = 1) -> CachedResponse {
        let stored = StoredResponse(
            request: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/"),
            response: HTTPResponse(status: .ok, headerFields: [.cacheControl: "max-age=60"]),
            requestMilliseconds: 1_000,
            responseMilliseconds: 1_000
        )
        return CachedResponse(
            key: EntryKey(of: name.utf8),
            name: name,
            stored: stored,
            body: ByteBuffer(repeating: 1, count: bytes),
            subject: PurgeSubject(bornSequence: 0, url: name, tags: []),
            costMilliseconds: cost,
            maker: .fetched
        )
    }

    private static func tier(_ budget: Int, shards: Int = 1) -> MemoryTier {
        MemoryTier(budgetBytes: budget, shardCount: shards) { LRUPolicy(budget: max(1, $0), seed: 1) }
    }

    @Test("what is inserted is found by its key, and a use is counted")
    func finds() {
        let tier = Self.tier(100_000)
        let one = Self.response("one")
        #expect(tier.insert(one).isTaken)
        #expect(tier.response(for: one.key) === one)
        #expect(tier.response(for: EntryKey(of: "two".utf8)) == nil)
        #expect(tier.peek(one.key) === one)
        #expect(tier.statistics.hits == 1 && tier.statistics.misses == 1 && tier.statistics.entries == 1)
        #expect(tier.statistics.usedBytes == one.size)
    }

    @Test("a response is charged for its body, its names and its bookkeeping")
    func size() {
        #expect(Self.response("name", bytes: 500).size == 500 + 4 + 4 + CachedResponse.overheadBytes)
    }

    @Test("the one that is replaced is marked, and so is one that does not fit")
    func marks() {
        let tier = Self.tier(4_000)
        let (old, new, large) = (Self.response("a"), Self.response("a"), Self.response("b", bytes: 10_000))
        tier.insert(old)
        let outcome = tier.insert(new)
        #expect(outcome.isTaken && outcome.evicted.isEmpty)
        #expect(old.isEvicted && !new.isEvicted && tier.peek(new.key) === new)
        let refused = tier.insert(large)
        #expect(!refused.isTaken && large.isEvicted && tier.peek(large.key) == nil)
        #expect(tier.statistics.refusals == 1)
    }

    @Test("a replacement that does not fit takes the older one with it")
    func replacedByLarge() {
        let tier = Self.tier(4_000)
        let (old, large) = (Self.response("a"), Self.response("a", bytes: 10_000))
        tier.insert(old)
        #expect(!tier.insert(large).isTaken)
        #expect(old.isEvicted && tier.peek(old.key) == nil)
        #expect(tier.statistics.usedBytes == 0 && tier.statistics.entries == 0)
    }

    @Test("what had to go is told, and marked")
    func evicts() {
        let tier = Self.tier(3 * 1_100)
        let responses = (0..<4).map { Self.response("\($0)") }
        for response in responses.prefix(3) { tier.insert(response) }
        _ = tier.response(for: responses[0].key)
        let evicted = tier.insert(responses[3]).evicted
        #expect(evicted.count == 1 && evicted[0] === responses[1])
        #expect(responses.map(\.isEvicted) == [false, true, false, false])
        tier.recordHit(responses[1])
        #expect(tier.statistics.hits == 1)
    }

    @Test("removing lets go of just that response, not of its successor")
    func removes() {
        let tier = Self.tier(100_000)
        let (old, new) = (Self.response("a"), Self.response("a"))
        tier.insert(old)
        tier.insert(new)
        tier.remove(old)
        #expect(tier.peek(new.key) === new)
        tier.remove(new)
        #expect(new.isEvicted && tier.statistics.usedBytes == 0)
    }

    @Test("two keys that share half of their bits do not answer for each other")
    func halfCollision() {
        let tier = Self.tier(100_000)
        let one = Self.response("one")
        tier.insert(one)
        let other = EntryKey(high: one.key.high &+ 1, low: one.key.low)
        #expect(tier.response(for: other) == nil && tier.peek(other) == nil)
        tier.demote(other)
        #expect(tier.peek(one.key) === one)
    }

    @Test("it holds what a simple copy of it holds, step by step", arguments: [1, 2, 3])
    func model(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let budget = 40_000
        let tier = Self.tier(budget)
        // Least recently used first.
        var model: [CachedResponse] = []
        for step in 0..<5_000 {
            let name = "n\(Int.random(in: 0..<60, using: &random))"
            let key = EntryKey(of: name.utf8)
            let place = model.firstIndex { $0.name == name }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let found = tier.response(for: key)
                #expect(found === place.map { model[$0] }, "seed \(seed), step \(step)")
                if let place { model.append(model.remove(at: place)) }
            case 5:
                if let place { tier.remove(model.remove(at: place)) }
            default:
                let response = Self.response(name, bytes: Int.random(in: 0..<5_000, using: &random))
                if let place { model.remove(at: place) }
                model.append(response)
                var gone: [CachedResponse] = []
                while model.reduce(0, { $0 + $1.size }) > budget { gone.append(model.removeFirst()) }
                let evicted = tier.insert(response).evicted
                #expect(evicted.map(\.name) == gone.map(\.name), "seed \(seed), step \(step)")
            }
            let statistics = tier.statistics
            #expect(statistics.usedBytes == model.reduce(0) { $0 + $1.size })
            #expect(statistics.entries == model.count && statistics.usedBytes <= budget)
        }
        #expect(model.allSatisfy { !$0.isEvicted })
        #expect(tier.statistics.evictions > 100)
    }

    @Test("many threads at once keep the budget and the books")
    func hammering() async {
        let budget = 200_000
        let tier = Self.tier(budget, shards: 4)
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(worker))
                    for _ in 0..<2_000 {
                        let name = "n\(Int.random(in: 0..<300, using: &random))"
                        if let found = tier.response(for: EntryKey(of: name.utf8)) {
                            tier.recordHit(found)
                            if Int.random(in: 0..<8, using: &random) == 0 { tier.remove(found) }
                        } else {
                            tier.insert(Self.response(name, bytes: Int.random(in: 0..<3_000, using: &random)))
                        }
                    }
                }
            }
        }
        let held = (0..<300).compactMap { tier.peek(EntryKey(of: "n\($0)".utf8)) }
        #expect(held.allSatisfy { !$0.isEvicted })
        #expect(tier.statistics.usedBytes == held.reduce(0) { $0 + $1.size })
        #expect(tier.statistics.entries == held.count && tier.statistics.usedBytes <= budget)
    }

    @Test("a cost that is no number, or negative, does not reach the policy")
    func cost() {
        #expect(Self.response("a", cost: -1).costMilliseconds == 0)
        #expect(Self.response("a", cost: .nan).costMilliseconds == 0)
        #expect(Self.response("a", cost: .infinity).costMilliseconds == 0)
        #expect(Self.tier(10_000).insert(Self.response("a", cost: -.infinity)).isTaken)
    }

    @Test("once found live, a response is looked up in the purges again only after another purge")
    func board() {
        let board = PurgeBoard(PurgeTable())
        let response = Self.response("http://a/x")
        board.purge(.url("http://a/y"), .hard, floor: 0)
        #expect(!response.isKnownLive(at: board.sequence))
        #expect(board.verdict(for: response) == .live)
        #expect(response.isKnownLive(at: board.sequence))
        board.purge(.url("http://a/x"), .soft, floor: 0)
        #expect(!response.isKnownLive(at: board.sequence))
        #expect(board.verdict(for: response) == .stale)
        #expect(!response.isKnownLive(at: board.sequence))
        board.purge(.prefix("http://a/"), .hard, floor: 0)
        #expect(board.verdict(for: response) == .gone)
    }
}
