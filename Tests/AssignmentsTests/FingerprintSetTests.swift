import Testing
import VitrineTesting

@testable import Assignments

@Suite("A set of fingerprints")
struct FingerprintSetTests {
    @Test("answers as a plain set does", arguments: 1...6 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var set = FingerprintSet()
        var model: Set<UInt64> = []
        for _ in 0..<5_000 {
            // Few low bits: long runs of places, also around the end of the table.
            let number = UInt64.random(in: 0..<40, using: &random) << 32 | UInt64.random(in: 0...15, using: &random)
            // 0 is kept as 1.
            let fingerprint = number == 0 ? 1 : number
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let isNew = set.insert(number)
                #expect(isNew == model.insert(fingerprint).inserted, "seed \(seed)")
            case 1:
                let wasThere = set.remove(number)
                #expect(wasThere == (model.remove(fingerprint) != nil), "seed \(seed)")
            default: #expect(set.contains(number) == model.contains(fingerprint), "seed \(seed)")
            }
            #expect(set.count == model.count)
        }
        #expect(model.allSatisfy(set.contains))
    }
}
