import Caching
import HTTPTypes
import Testing
import VitrineTesting

@testable import Edge

@Suite("The index in front of the cache")
struct FrontIndexTests {
    private static func alternative(_ response: CachedResponse, _ selector: String = "") -> FrontRecord.Alternative {
        FrontRecord.Alternative(
            selector: Array(selector.utf8),
            hit: PreparedHit(response, validUntilMilliseconds: nil, product: "vitrine")
        )
    }

    private static func find(_ index: FrontIndex, _ host: String, _ target: String) -> FrontRecord? {
        let bytes = Array((host + target).utf8)
        let border = host.utf8.count
        return index.record(bytes.span, host: 0..<border, target: border..<bytes.count)
    }

    private static func publish(_ index: FrontIndex, _ target: String, _ response: CachedResponse) {
        index.publish(
            host: Array("a".utf8),
            target: Array(target.utf8),
            selecting: [],
            alternative: alternative(response)
        )
    }

    private static func tier(_ responses: Int = 1_000) -> MemoryTier {
        MemoryTier(budgetBytes: responses * 2_048, shardCount: 1) { LRUPolicy(budget: $0, seed: 1) }
    }

    @Test("what is published is found by exactly its bytes")
    func finds() {
        let index = FrontIndex(seed: 1)
        let response = Sample.response()
        Self.publish(index, "/x", response)
        #expect(Self.find(index, "a", "/x")?.alternatives.first?.hit.response === response)
        for (host, target) in [("A", "/x"), ("a", "/X"), ("a", "/x?"), ("", "a/x"), ("a/", "x"), ("b", "/x")] {
            #expect(Self.find(index, host, target) == nil)
        }
    }

    @Test("an evicted response is let go of, by all URLs that lead to it")
    func forgets() {
        let index = FrontIndex(seed: 1)
        let tier = Self.tier()
        let response = Sample.response()
        tier.insert(response)
        for number in 0..<10 { Self.publish(index, "/\(number)", response) }
        tier.remove(response)
        index.forget(response.key)
        #expect(index.count == 0 && index.ownersCount == 0)
        Self.publish(index, "/late", response)
        #expect(index.count == 0)
    }

    @Test("forgetting an older response keeps the newer one of the same name, which can still be forgotten")
    func replaced() {
        let index = FrontIndex(seed: 1)
        let tier = Self.tier()
        let (old, new) = (Sample.response(), Sample.response())
        tier.insert(old)
        Self.publish(index, "/x", old)
        Self.publish(index, "/y", old)
        tier.insert(new)
        Self.publish(index, "/x", new)
        index.forget(old.key)
        #expect(Self.find(index, "a", "/x")?.alternatives.map { $0.hit.response === new } == [true])
        #expect(Self.find(index, "a", "/y") == nil)
        tier.remove(new)
        index.forget(new.key)
        #expect(index.count == 0 && index.ownersCount == 0)
    }

    @Test("it keeps its bound, also when many URLs lead to one response")
    func bounds() {
        let index = FrontIndex(seed: 1, recordsMax: 64, stripeCount: 4)
        let response = Sample.response()
        for number in 0..<5_000 { Self.publish(index, "/\(number)", response) }
        #expect(index.count <= 64)
        #expect(index.ownersCount == index.count)
    }

    @Test("a URL keeps a bounded number of spellings, the newest ones")
    func alternatives() {
        let index = FrontIndex(seed: 1)
        let selecting = [SelectingField(.accept)]
        for number in 0..<100 {
            index.publish(
                host: [97],
                target: [47],
                selecting: selecting,
                alternative: Self.alternative(Sample.response("v\(number)"), "\(number),\n")
            )
        }
        let kept = Self.find(index, "a", "/")?.alternatives.map { String(decoding: $0.selector, as: UTF8.self) }
        #expect(kept == (100 - FrontRecord.alternativesMax..<100).map { "\($0),\n" })
        #expect(index.ownersCount == FrontRecord.alternativesMax)
    }

    @Test("a URL whose selecting fields change starts anew")
    func otherSelecting() {
        let index = FrontIndex(seed: 1)
        Self.publish(index, "/x", Sample.response("one"))
        index.publish(
            host: [97],
            target: Array("/x".utf8),
            selecting: [SelectingField(.accept)],
            alternative: Self.alternative(Sample.response("two"), "\n")
        )
        let record = Self.find(index, "a", "/x")
        #expect(record?.alternatives.map(\.hit.response.name) == ["two"])
        #expect(index.ownersCount == 1)
    }

    @Test("many threads publish, evict and look up; in the end nothing leads to what was evicted")
    func hammering() async {
        let index = FrontIndex(seed: 1, recordsMax: 256, stripeCount: 8)
        let tier = Self.tier(40)
        let wrong = Count()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(worker))
                    for _ in 0..<3_000 {
                        let name = "n\(Int.random(in: 0..<120, using: &random))"
                        if Bool.random(using: &random) {
                            let response = Sample.response(name)
                            for evicted in tier.insert(response).evicted { index.forget(evicted.key) }
                            index.forget(response.key)
                            Self.publish(index, "/" + name, response)
                        } else if let record = Self.find(index, "a", "/" + name),
                            record.alternatives.contains(where: { $0.hit.response.name != name })
                        {
                            wrong.add()
                        }
                    }
                }
            }
        }
        #expect(wrong.value == 0)
        for number in 0..<120 {
            let response = Self.find(index, "a", "/n\(number)")?.alternatives.first?.hit.response
            if let response { #expect(!response.isEvicted && tier.peek(response.key) === response) }
        }
        #expect(index.ownersCount == index.count)
    }
}
