import Fleet
import Testing

@testable import Edge

@Suite("Limits of clients and tenants")
struct EdgeLimitsTests {
    private static func isTaken(_ limits: EdgeLimits, _ client: String, _ tenant: String, at now: Int64) -> Bool {
        do throws(EdgeFailure) {
            try limits.take(client: client, tenant: tenant, nowMilliseconds: now)
            return true
        } catch {
            if case .tooManyRequests(let seconds) = error { #expect(seconds >= 1) } else { Issue.record("\(error)") }
            return false
        }
    }

    @Test("without limits everything may go")
    func none() {
        let limits = EdgeLimits(client: nil, tenant: nil)
        for _ in 0..<1_000 { #expect(Self.isTaken(limits, "192.0.2.1", "a", at: 0)) }
    }

    @Test("each client has a burst of its own, which fills again")
    func clients() {
        let limits = EdgeLimits(client: RatePolicy(name: "c", perSecond: 1, burst: 3), tenant: nil)
        #expect((0..<5).map { _ in Self.isTaken(limits, "192.0.2.1", "a", at: 0) } == [true, true, true, false, false])
        #expect(Self.isTaken(limits, "192.0.2.2", "a", at: 0))
        #expect(Self.isTaken(limits, "192.0.2.1", "a", at: 1_100))
        #expect(!Self.isTaken(limits, "192.0.2.1", "a", at: 1_100))
    }

    @Test("each tenant has one, whoever asks")
    func tenants() {
        let limits = EdgeLimits(client: nil, tenant: RatePolicy(name: "t", perSecond: 1, burst: 2))
        #expect(Self.isTaken(limits, "192.0.2.1", "a", at: 0) && Self.isTaken(limits, "192.0.2.2", "a", at: 0))
        #expect(!Self.isTaken(limits, "192.0.2.3", "a", at: 0))
        #expect(Self.isTaken(limits, "192.0.2.3", "b", at: 0))
    }
}
