/// What a setting came out as, in indices.
struct Decision: Sendable {
    static let null: Int32 = -1
    static let undefined: Int32 = -2
    static let given: Int32 = -3

    let source: FeatureOutcome.Source
    /// Among the setting's candidates, or one of the three above.
    let ordinal: Int32
    /// Among the setting's rules; −1 for none.
    let rule: Int32

    init(_ source: FeatureOutcome.Source, _ ordinal: Int32, rule: Int32 = -1) {
        self.source = source
        self.ordinal = ordinal
        self.rule = rule
    }

    /// The ordinal for ``EvaluationScratch/memo``, where 0 is nothing.
    var packed: UInt32 { UInt32(bitPattern: ordinal &+ 4) }

    static func ordinal(packed: UInt32) -> Int32 { Int32(bitPattern: packed) &- 4 }

    /// As ``EvaluationScratch/choices`` say it.
    var choice: UInt16 {
        switch ordinal {
        case Self.given: EvaluationScratch.overridden
        case 0..<Int32(EvaluationScratch.overridden): UInt16(ordinal)
        default: EvaluationScratch.noValue
        }
    }
}
