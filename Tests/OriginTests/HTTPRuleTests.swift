import HTTPSemantics
import HTTPTypes
import Origin
import Testing

@Suite("HTTP rules of the origin")
struct HTTPRuleTests {
    @Test("a problem document is JSON with a stable type")
    func problem() {
        let problem = ProblemDocument(
            "bad-option",
            status: .badRequest,
            title: "Bad option",
            detail: "line\n\"x\" \u{1}",
            option: "rs"
        )
        let expected = """
            {"type":"https://vitrine.invalid/problems/bad-option","title":"Bad option","status":400,\
            "detail":"line\\n\\"x\\" \\u0001","option":"rs"}

            """
        #expect(problem.json == expected)
        #expect(problem.fields[.contentType] == "application/problem+json")
    }
}
