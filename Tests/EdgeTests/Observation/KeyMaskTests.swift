import Testing

@testable import Edge

@Suite("Keys in logs")
struct KeyMaskTests {
    @Test("a key is cut down to its hint wherever it stands; nothing else changes")
    func masks() {
        let digits = "0123456789abcdef0123456789abcdef"
        #expect(KeyMask.masked("/api/features/vs_\(digits)") == "/api/features/vs_0123…")
        #expect(KeyMask.masked("/sub/vc_\(digits)?a=vs_\(digits)&b") == "/sub/vc_0123…?a=vs_0123…&b")
        for text in ["/", "/img/vc_12", "/vx_\(digits)", "/vc_\(digits.uppercased())", "/ü/vc_\(digits.dropLast())"] {
            #expect(KeyMask.masked(text) == text)
        }
    }
}
