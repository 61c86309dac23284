import JSON
import Settings
import Testing

@Suite("Validation")
struct ValidationTests {
    private func issues(_ text: String) throws -> [AuthoringIssue] {
        try Validation().issues(in: JSONParser().document(from: Array(text.utf8)))
    }

    @Test("a sound project has no issues")
    func sound() throws {
        let found = try issues(
            """
            {"features":{"p":{"defaultValue":true},"a":{"defaultValue":1,"x-owner":"me","rules":[
            {"condition":{"country":{"$in":["AM"]},"id":{"$inGroup":"g"}},"force":2,"coverage":0.5},
            {"parentConditions":[{"id":"p","condition":{"value":true}}],"variations":[1,2],"weights":[0.5,0.5],
             "x-schedule":{"from":"2026-03-01T09:00:00+04:00"}}]}},
             "savedGroups":{"g":["1"]},"x-sticky":false,"x-remember":["country"]}
            """
        )
        #expect(found.isEmpty, "\(found.map(\.description))")
    }

    @Test(
        "what makes a setting meaningless is an error that names setting, rule and field",
        arguments: [
            (#"{"variations":[1,2],"weights":[0.5,0.1]}"#, "weights"), (#"{"variations":[1]}"#, "variations"),
            (#"{"force":1,"coverage":2}"#, "coverage"), (#"{"force":1,"range":[0.5,0.1]}"#, "range"),
            (#"{"force":1,"hashVersion":3}"#, "hashVersion"),
            (#"{"force":1,"x-schedule":{"from":"soon"}}"#, "x-schedule"),
            (#"{"variations":[1,2],"namespace":["n",0.5,2]}"#, "namespace"),
            (#"{"variations":[1,2],"ranges":[[0,1]]}"#, "ranges"),
            (#"{"force":1,"parentConditions":[{"id":"x"}]}"#, "parentConditions.0.id"),
            (#"{"force":1,"parentConditions":{}}"#, "parentConditions"),
            (#"{"force":1,"filters":[{"seed":"s"}]}"#, "filters.0.ranges"),
            (#"{"force":1,"x-kill":"yes"}"#, "x-kill"),
        ]
    )
    func errors(rule: String, field: String) throws {
        let found = try issues(#"{"features":{"f":{"defaultValue":0,"rules":[{"force":9,"condition":{}},\#(rule)]}}}"#)
        let error = try #require(found.first { $0.severity == .error })
        #expect(error.feature == "f")
        #expect(error.rule == 1)
        #expect(error.field == field)
    }

    @Test("circles of prerequisites and duplicate keys are errors")
    func wholeProject() throws {
        let circle = try issues(
            """
            {"features":{"a":{"defaultValue":0,"rules":[{"parentConditions":[{"id":"b"}],"force":1}]},
            "b":{"defaultValue":0,"rules":[{"parentConditions":[{"id":"a"}],"force":1}]}}}
            """
        )
        #expect(circle.contains { $0.message.contains("a → b → a") && $0.severity == .error })
        let twice = try issues(#"{"features":{"a":{"defaultValue":0},"a":{"defaultValue":1}}}"#)
        #expect(twice.contains { $0.severity == .error && $0.message.contains("twice") })
        #expect(try issues("[]").count == 1)
        #expect(try issues("{}").first?.field == "features")
    }

    @Test("a rule without effect is a warning")
    func warnings() throws {
        let found = try issues(#"{"features":{"f":{"defaultValue":0,"rules":[{"condition":{"a":1}}]}}}"#)
        #expect(found.map(\.severity) == [.warning])
    }
}
