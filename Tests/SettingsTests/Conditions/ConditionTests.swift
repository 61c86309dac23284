import JSON
import Settings
import Testing

@Suite("Conditions")
struct ConditionTests {
    private static let cases: [(JSONValue, JSONValue, Bool)] = [
        ([:], [:], true),
        (["a": "null"], [:], true),
        (["a": nil], [:], true),
        (["a": false], [:], false),
        (["a": false], ["a": 0], true),
        (["a": 1], ["a": "1"], true),
        (["a": 1], ["a": [1]], true),
        (["a": "1,2"], ["a": [1, 2]], true),
        (["a": 0], [:], true),
        (["a": ["$eq": 1]], ["a": "1"], false),
        (["a": ["$eq": [1]]], ["a": [1]], false),
        (["a": [1, 2]], ["a": [1, 2]], true),
        (["a": ["x": 1, "y": 2]], ["a": ["y": 2, "x": 1]], false),
        (["a": ["$gt": "9"]], ["a": "10"], false),
        (["a": ["$gt": 9]], ["a": "10"], true),
        (["a": ["$gte": 0]], [:], true),
        (["a": ["$in": ["x", nil]]], [:], true),
        (["a": ["$in": ["x"]]], ["a": ["y", "x"]], true),
        (["a": ["$nin": "x"]], ["a": "y"], false),
        (["a": ["$ini": ["ÉTÉ"]]], ["a": "été"], true),
        (["a": ["$regex": "^n"]], [:], true),
        (["a": ["$regex": "("]], ["a": "("], false),
        (["a": ["$not": ["$regex": "("]]], ["a": "("], true),
        (["a": ["$size": ["$gt": 1]]], ["a": [1, 2]], true),
        (["a.length": 2], ["a": [1, 2]], true),
        (["a.0": "x"], ["a": ["x"]], true),
        (["a": ["$elemMatch": ["$eq": 0]]], ["a": [0]], false),
        (["a": ["$elemMatch": ["b": 1]]], ["a": [["b": 2], ["b": 1]]], true),
        (["a": ["$all": ["x", "y"]]], ["a": ["y", "x"]], true),
        (["a": ["$alli": ["X"]]], ["a": ["x"]], true),
        (["a": ["$type": "array"]], ["a": []], true),
        (["a": ["$type": "null"]], [:], true),
        (["a": ["$vgt": "1.9.0"]], ["a": "1.10.0"], true),
        (["a": ["$vlt": "1.0.0"]], ["a": "1.0.0-beta"], true),
        (["a": ["$veq": "v1.2.3+x"]], ["a": "1.2.3"], true),
        (["a": ["$unknown": 1]], ["a": 1], false),
        (["$or": []], [:], true),
        (["$nor": []], [:], false),
        (["$or": nil], [:], false),
        (["$not": nil], [:], false),
        (["$not": ["$or": nil]], [:], false),
        (["a": "x"], ["a": ["toString": 1]], false),
        (["$not": ["a": "x"]], ["a": ["toString": 1]], false),
    ]

    @Test("conditions mean what JavaScript makes of them", arguments: cases.indices)
    func meaning(index: Int) {
        let (condition, attributes, expected) = Self.cases[index]
        #expect(Condition.evaluate(condition, on: attributes) == expected, "\(condition.authoredText)")
    }

    @Test("groups are lists; a text is searched in; anything else is an error, unknown ones are empty")
    func groups() {
        var groups = JSONObject()
        groups["list"] = ["u1", 7]
        groups["text"] = "u1,u2"
        groups["odd"] = 5
        func holds(_ condition: JSONValue, _ value: JSONValue) -> Bool {
            Condition.evaluate(["id": condition], on: ["id": value], savedGroups: groups)
        }
        #expect(holds(["$inGroup": "list"], "u1"))
        #expect(!holds(["$inGroup": "list"], "7"))
        #expect(holds(["$inGroup": "list"], ["x", 7]))
        #expect(holds(["$inGroup": "text"], "u2"))
        #expect(!holds(["$inGroup": "odd"], 5) && !holds(["$notInGroup": "odd"], 5))
        #expect(holds(["$notInGroup": "odd"], []))
        #expect(!holds(["$inGroup": "none"], "u1"))
        #expect(holds(["$notInGroup": "none"], "u1"))
    }

    @Test("authors hear of what they did not mean, with the way to it")
    func issues() {
        let condition: JSONValue = [
            "$or": [["a": ["$regex": "("]], ["b": ["$foo": 1]]],
            "c": ["$in": "x", "$inGroup": "none"],
            "d": ["$gt": 1, "x": 2],
            "$bar": 1,
            "e": ["$elemMatch": ["f": ["$exists": "yes"]]],
        ]
        let issues = Condition.issues(in: condition)
        let paths = issues.map { $0.path.map(\.text).joined(separator: " ") }
        #expect(
            paths == ["$or 0 a $regex", "$or 1 b $foo", "c $in", "c $inGroup", "d", "$bar", "e $elemMatch f $exists"]
        )
        #expect(issues[1].kind == .unknownOperator)
        #expect(issues[3].kind == .unknownGroup("none"))
        #expect(issues[4].kind == .mixedOperators)
        #expect(Condition.issues(in: ["a": ["$in": [1]], "$not": ["b": ["$vgt": "1.0.0"]]]).isEmpty)
    }

    @Test("the paths a condition asks for, each once")
    func paths() {
        let condition: JSONValue = ["b": 1, "$or": [["a.x": 1], ["b": 2]], "$not": ["c": 1]]
        #expect(Condition.paths(in: condition) == ["b", "a.x", "c"])
    }

    @Test("known attributes decide their part")
    func specialising() {
        let condition: JSONValue = ["country": "US", "age": ["$gt": 18]]
        let us: [(name: ExactString, value: JSONValue)] = [(name: "country", value: "US")]
        let de: [(name: ExactString, value: JSONValue)] = [(name: "country", value: "DE")]
        #expect(Condition.specialised(condition, known: us) == .remaining(["age": ["$gt": 18]]))
        #expect(Condition.specialised(condition, known: de) == .never)
        #expect(Condition.specialised(["$not": condition], known: de) == .always)
        let either: JSONValue = ["$or": [["country": "US"], ["age": 1]]]
        #expect(Condition.specialised(either, known: us) == .always)
        #expect(Condition.specialised(either, known: de) == .remaining(["$or": [["age": 1]]]))
    }
}
