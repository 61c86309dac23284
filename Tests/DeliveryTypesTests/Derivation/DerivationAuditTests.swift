import DeliveryTypes
import Testing

@Suite("The audit of derived renditions")
struct DerivationAuditTests {
    @Test("one of every run is chosen, not always at the same place", arguments: [1, 2, 7, 200])
    func samples(_ interval: Int) {
        var audit = DerivationAudit(interval: interval, seed: 3)
        var places: Set<Int> = []
        for _ in 0..<50 {
            let chosen = (0..<interval).filter { _ in audit.recordDerivation() }
            #expect(chosen.count == 1)
            places.formUnion(chosen)
        }
        #expect(audit.derivations == 50 * interval)
        #expect(places.count > min(interval, 20) / 2)
    }

    @Test("an interval of 0 chooses none")
    func isOff() {
        var audit = DerivationAudit(interval: 0, seed: 3)
        let chosen = (0..<1_000).contains { _ in audit.recordDerivation() }
        #expect(!chosen)
        #expect(audit.derivations == 1_000)
    }

    @Test("results are counted by bucket, and those below the promise are told")
    func counts() {
        var audit = DerivationAudit(interval: 1, seed: 0)
        let low = Derivation.similarityMin - 0.001
        let told = [low, Derivation.similarityMin, 1, 0.995_1, -1, .nan].map { audit.recordSimilarity($0) }
        #expect(told == [true, false, false, false, true, false])
        audit.recordFailure()
        #expect(audit.comparisons == 5)
        #expect(audit.failures == 2)
        #expect(audit.belowMinimum == 2)
        #expect(audit.similarityLeast == -1)
        #expect(audit.histogram.reduce(0, +) == 5)
        #expect(audit.histogram.last == 1)
        #expect(DerivationAudit.bounds == DerivationAudit.bounds.sorted())
        #expect(audit.histogram.count == DerivationAudit.bounds.count)
    }
}
