import JSON
import Settings
import Testing

/// Evaluation of a whole project has a short way for simple experiments; one setting is always decided the long way.
@Suite("All settings at once")
struct BulkTests {
    @Test("come out as one by one, in the same variations and buckets", arguments: 0..<8)
    func sameAsSingle(part: UInt64) throws {
        var plain = 0
        for seed in (part * 50)..<(part * 50 + 50) {
            var project = RandomProject(seed: seed)
            let text = project.document()
            let document = FeaturesDocument(authored: try JSONParser().value(from: text))
            let evaluator = Evaluator(RuleTables(document))
            var bulk = EvaluationScratch()
            var single = EvaluationScratch()
            for _ in 0..<20 {
                var context = project.context()
                // Two settings of one experiment share what is stored: then the order in which they are asked counts.
                context.sticky = nil
                let place: Comment = "seed \(seed): \(text) \(context)"
                evaluator.evaluateAll(context, &bulk)
                for (index, feature) in evaluator.tables.ruled.enumerated() {
                    let outcome = evaluator.evaluate(document.features[feature].key, context, &single)
                    #expect(bulk.choices[index] == choice(of: outcome), place)
                }
                for assignment in evaluator.assignments(context, bulk) {
                    _ = evaluator.evaluate(document.features[assignment.feature].key, context, &single)
                    let alone = evaluator.assignments(context, single)
                    #expect(alone.contains { "\($0)" == "\(assignment)" }, place)
                    plain += assignment.isPassthrough ? 0 : 1
                }
            }
        }
        #expect(plain > 200)
    }

    private func choice(of outcome: FeatureOutcome) -> UInt16 {
        switch outcome.value {
        case .candidate(let ordinal, _): UInt16(ordinal)
        case .given: EvaluationScratch.overridden
        case .null, .undefined: EvaluationScratch.noValue
        }
    }
}
