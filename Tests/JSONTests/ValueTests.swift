import JSON
import Testing

@Suite("Values")
struct ValueTests {
    @Test("strings are equal by code units, not by canonical equivalence")
    func exactness() {
        #expect(ExactString("\u{E9}") != ExactString("e\u{301}"))
        #expect(Set([ExactString("\u{E9}"), ExactString("e\u{301}"), ExactString("\u{E9}")]).count == 2)
    }
}
