import Ledger
import Testing
import VitrineTesting

@Suite("An unloader that is killed")
struct UnloadCrashTests {
    @Test("at any step, leaves a queue that goes on where it was", arguments: LedgerStage.allCases)
    func step(_ stage: LedgerStage) async throws {
        try await UnloadCrash.check(at: stage, in: try .sqlite())
    }

    @Test("at any moment, again and again, applies everything once", arguments: [1, 2] as [UInt64])
    func anywhere(seed: UInt64) async throws {
        try await UnloadCrash.checkAnywhere(in: try .sqlite(), seed: seed)
    }
}
