import Caching
import Testing

@testable import Edge

@Suite("The latest purges")
struct PurgeLedgerTests {
    private static func record(_ number: UInt64, _ tag: String = "t") -> PurgeRecord {
        PurgeRecord(sequence: number, scope: .tag(tag), mode: .soft, author: "somebody", node: "a")
    }

    @Test("the youngest comes first, and there are not more than the limit")
    func bounded() {
        var ledger = PurgeLedger((1...50).map { Self.record($0) })
        #expect(ledger.latest.count == PurgeLedger.latestMax && ledger.latest.first?.sequence == 50)
        #expect(ledger.counts.isEmpty, "what was before the start does not count")
        ledger.record(Self.record(51), isTold: false)
        #expect(ledger.latest.map(\.sequence) == (32...51).reversed())
        #expect(ledger.counts == [PurgeLedger.Kind(scope: "tag", mode: "soft"): 1])
    }

    @Test("a purge that another node tells twice is one; two orders are two")
    func toldTwice() {
        var ledger = PurgeLedger([])
        ledger.record(Self.record(1_000_000), isTold: true)
        ledger.record(Self.record(1_020_000), isTold: true)
        #expect(ledger.latest.map(\.sequence) == [1_020_000])
        ledger.record(Self.record(1_030_000, "other"), isTold: true)
        ledger.record(Self.record(90_000_000, "other"), isTold: true)
        ledger.record(Self.record(90_000_001, "other"), isTold: false)
        #expect(ledger.latest.count == 4)
        #expect(ledger.counts.values.reduce(0, +) == 4)
    }
}
