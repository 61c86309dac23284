import JSON
import Settings
import Testing

@Suite("Evaluating settings")
struct EvaluatorTests {
    private func evaluator(_ text: String) throws -> Evaluator {
        Evaluator(RuleTables(FeaturesDocument(authored: try JSONParser().value(from: text))))
    }

    private func context(_ text: String, now: Int64 = 0) throws -> EvaluationContext {
        EvaluationContext(attributes: try #require(try JSONParser().value(from: text).object), nowMilliseconds: now)
    }

    private let project = """
        {"features":{
          "plain":{"defaultValue":1},
          "forced":{"defaultValue":"no","rules":[{"condition":{"country":"AM"},"force":"yes","id":"r"}]},
          "share":{"defaultValue":0,"rules":[{"force":1,"coverage":0.5}]},
          "test":{"defaultValue":"a","rules":[{"variations":["a","b"],"key":"exp","meta":[{"key":"A"},{"key":"B"}]}]},
          "child":{"defaultValue":0,"rules":[
            {"parentConditions":[{"id":"forced","condition":{"value":"yes"}}],"force":2}]},
          "gated":{"defaultValue":0,"rules":[
            {"parentConditions":[{"id":"forced","condition":{"value":"yes"},"gate":true}],"force":2}]},
          "loop":{"defaultValue":0,"rules":[{"parentConditions":[{"id":"loop"}],"force":1}]},
          "bare":{"rules":[{"condition":{"x":1},"force":1}]},
          "broken":{"defaultValue":9,"rules":[5]},
          "killed":{"defaultValue":0,"x-kill":true,"rules":[{"force":1}]},
          "rest":{"defaultValue":0,"rules":[{"x-kill":true,"force":1},{"force":2}]},
          "timed":{"defaultValue":0,"rules":[
            {"x-schedule":{"from":"1970-01-01T00:00:01Z","until":"1970-01-01T00:00:02Z"},"force":1}]}
        }}
        """

    @Test("all settings at once come out as one by one, for many contexts")
    func bulkEqualsSingle() throws {
        let evaluator = try evaluator(project)
        var bulk = EvaluationScratch()
        var single = EvaluationScratch()
        for user in 0..<300 {
            var context = try context(
                #"{"id":"user-\#(user)","country":"\#(user % 3 == 0 ? "AM" : "FR")"}"#,
                now: Int64(user * 10)
            )
            if user % 7 == 0 { context.forcedVariations["exp"] = .number(user % 2) }
            if user % 11 == 0 { context.forcedFeatures["forced"] = "yes" }
            if user % 5 == 0 { context.sticky = StickyDocuments() }
            evaluator.evaluateAll(context, &bulk)
            #expect(bulk.choices.count == evaluator.tables.ruled.count)
            for (place, feature) in evaluator.tables.ruled.enumerated() {
                let key = evaluator.tables.document.features[feature].key
                let wanted: UInt16 =
                    switch evaluator.evaluate(key, context, &single).value {
                    case .candidate(let ordinal, _): UInt16(ordinal)
                    case .given: EvaluationScratch.overridden
                    case .null, .undefined: EvaluationScratch.noValue
                    }
                #expect(bulk.choices[place] == wanted, "\(key) for user \(user)")
            }
        }
    }

    @Test("prerequisites, gates and circles have their sources")
    func sources() throws {
        let evaluator = try evaluator(project)
        var scratch = EvaluationScratch()
        let context = try context(#"{"id":"1","country":"FR"}"#)
        #expect(evaluator.evaluate("child", context, &scratch).source == .defaultValue)
        #expect(evaluator.evaluate("gated", context, &scratch).source == .prerequisite)
        #expect(evaluator.evaluate("loop", context, &scratch).source == .cyclicPrerequisite)
        #expect(evaluator.evaluate("nothing", context, &scratch).source == .unknownFeature)
        let broken = evaluator.evaluate("broken", context, &scratch)
        #expect(broken.fault == .malformedRule)
        #expect(broken.source == .defaultValue)
    }

    @Test(
        "a rule counts from its schedule's begin to before its end",
        arguments: [(999, 0), (1000, 1), (1999, 1), (2000, 0)]
    )
    func schedule(now: Int64, ordinal: Int) throws {
        var scratch = EvaluationScratch()
        let outcome = try evaluator(project).evaluate("timed", context(#"{"id":"1"}"#, now: now), &scratch)
        guard case .candidate(let found, _) = outcome.value else { return #expect(Bool(false)) }
        #expect(found == ordinal)
    }

    @Test("kill switches of a setting and of a rule")
    func kills() throws {
        let evaluator = try evaluator(project)
        var scratch = EvaluationScratch()
        let context = try context(#"{"id":"1"}"#)
        #expect(evaluator.evaluate("killed", context, &scratch).source == .defaultValue)
        let rest = evaluator.evaluate("rest", context, &scratch, isExplained: true)
        #expect(rest.rule == 1)
        #expect(rest.verdicts == [.killed, .matched])
    }

    @Test("an assignment is reported and stored, and found again after the hash would differ")
    func sticky() throws {
        let evaluator = try evaluator(project)
        var scratch = EvaluationScratch()
        var context = try context(#"{"id":"7"}"#)
        context.sticky = StickyDocuments([
            StickyDocument(
                attributeName: "id",
                attributeValue: "7",
                assignments: (["exp__0": "B"] as JSONValue).object ?? JSONObject()
            )
        ])
        let outcome = evaluator.evaluate("test", context, &scratch)
        #expect(outcome.experiment?.reason == .stickyAssigned)
        #expect(outcome.experiment?.variation == 1)
        context.sticky = StickyDocuments()
        let fresh = evaluator.evaluate("test", context, &scratch)
        #expect(fresh.experiment?.reason == .assigned)
        let stored = try #require(scratch.sticky?.toStore.first)
        #expect(stored.assignments["exp__0"] == fresh.experiment?.key)
        let assignment = try #require(evaluator.assignments(context, scratch).first)
        #expect(assignment.experimentKey == "exp")
        #expect(assignment.hashValue == "7")
    }
}
