import JSON
import Settings
import Testing

@Suite("Condition tables")
struct ConditionTableTests {
    @Test("a new table is empty")
    func empty() {
        #expect(ConditionTable().count == 0)
    }
}
