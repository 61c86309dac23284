import JSON
import Settings
import Testing

@Suite("Condition tables")
struct ConditionTableTests {
    private let groups: JSONObject = {
        var groups = JSONObject()
        groups["a"] = ["a", 1, nil]
        groups["us"] = "us and them"
        groups["b"] = 5
        return groups
    }()

    @Test("a table answers as the condition by itself does, request after request", arguments: [1, 2, 3, 4])
    func agreement(seed: UInt64) {
        var sample = ConditionSample(generator: SeededGenerator(seed: seed))
        var table = ConditionTable(savedGroups: groups)
        let conditions = (0..<300).map { _ in sample.condition(3) }
        let ids = conditions.map { table.intern($0) }
        var scratch = ConditionScratch()
        var satisfied = 0
        for _ in 0..<8 {
            let attributes = sample.attributes()
            table.begin(attributes, &scratch)
            for (condition, id) in zip(conditions, ids) {
                let expected = Condition.evaluate(condition, on: .object(attributes), savedGroups: groups)
                if expected { satisfied += 1 }
                #expect(table.evaluate(id, &scratch) == expected, "\(condition.authoredText)")
            }
        }
        #expect(satisfied > 100)
    }

    @Test("equal conditions are one, and are evaluated once per request")
    func sharing() {
        var table = ConditionTable()
        let first = table.intern(["country": ["$in": ["US", "CA"]], "age": ["$gt": 18]])
        let count = table.count
        #expect(table.intern(["country": ["$in": ["US", "CA"]], "age": ["$gt": 18]]) == first)
        #expect(table.count == count)
        let either = table.intern(["$or": [["country": ["$in": ["US", "CA"]]], ["age": ["$gt": 18]]]])
        #expect(table.count == count + 1)
        var scratch = ConditionScratch()
        var attributes = JSONObject()
        attributes["country"] = "US"
        attributes["age"] = 20
        table.begin(attributes, &scratch)
        for _ in 0..<5 {
            #expect(table.evaluate(first, &scratch))
            #expect(table.evaluate(either, &scratch))
        }
        #expect(scratch.evaluations == table.count)
        table.begin(JSONObject(), &scratch)
        #expect(!table.evaluate(first, &scratch))
    }

    @Test("paths that look alike to Unicode are different attributes")
    func exactPaths() {
        var table = ConditionTable()
        let id = table.intern(["e\u{301}": 1])
        var attributes = JSONObject()
        attributes["\u{E9}"] = 1
        var scratch = ConditionScratch()
        table.begin(attributes, &scratch)
        #expect(!table.evaluate(id, &scratch))
    }

    @Test("more attributes than a table asks for are looked up the other way round")
    func manyAttributes() {
        var table = ConditionTable()
        let id = table.intern(["wanted.deep": "x"])
        var attributes = JSONObject()
        for index in 0..<1_000 { attributes[ExactString("k\(index)")] = .number(index) }
        attributes["wanted"] = ["deep": "x"]
        var scratch = ConditionScratch()
        table.begin(attributes, &scratch)
        #expect(table.evaluate(id, &scratch))
    }

    @Test("what remains of a condition answers as the whole does", arguments: [5, 6, 7, 8])
    func specialising(seed: UInt64) {
        var sample = ConditionSample(generator: SeededGenerator(seed: seed), hasThrowing: false)
        var decided = 0
        for _ in 0..<800 {
            let condition = sample.condition(3)
            let attributes = sample.attributes()
            let known = [(name: ExactString("a"), value: attributes["a"] ?? .null)]
            let whole = Condition.evaluate(condition, on: .object(attributes), savedGroups: groups)
            switch Condition.specialised(condition, known: known, savedGroups: groups) {
            case .always:
                decided += 1
                #expect(whole, "\(condition.authoredText)")
            case .never:
                decided += 1
                #expect(!whole, "\(condition.authoredText)")
            case .remaining(let rest):
                let value = Condition.evaluate(rest, on: .object(attributes), savedGroups: groups)
                #expect(value == whole, "\(condition.authoredText) \(rest.authoredText)")
            }
        }
        #expect(decided > 50)
    }
}
