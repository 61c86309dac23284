import HTTPSemantics
import Testing

@Suite("Cache-Status (RFC 9211)")
struct CacheStatusTests {
    @Test("a hit tells how long it stays fresh")
    func hit() {
        var status = CacheStatus(cache: "vitrine")
        status.isHit = true
        status.ttlSeconds = 30
        #expect(status.fieldValue == "vitrine; hit; ttl=30")
        status.ttlSeconds = .min
        #expect(status.fieldValue == "vitrine; hit; ttl=-999999999999999")
    }

    @Test("a miss tells why it was forwarded and what became of it")
    func miss() {
        var status = CacheStatus(cache: "vitrine")
        status.forward = .varyMiss
        status.forwardStatus = 304
        status.isStored = true
        status.isCollapsed = true
        status.detail = "memory"
        #expect(status.fieldValue == "vitrine; fwd=vary-miss; fwd-status=304; stored; collapsed; detail=memory")
    }

    @Test("texts that are no tokens are quoted, and nothing breaks out of the quotes")
    func quoting() {
        var status = CacheStatus(cache: "edge 1")
        status.key = "a\"b\\c\r\nü"
        status.detail = ""
        #expect(status.fieldValue == "\"edge 1\"; key=\"a\\\"b\\\\c???\"; detail=\"\"")
    }

    @Test("the reasons are the parameters that section 2.2 registers, or go without")
    func reasons() {
        let known: Set<String> = ["bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial"]
        #expect(Set(ForwardReason.allCases.map(\.rawValue)) == known)
    }
}
