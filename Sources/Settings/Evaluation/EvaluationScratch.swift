import JSON

/// The memory evaluation works in, kept from request to request, and what it found.
///
/// It belongs to one request at a time, and to the tables it was last used with.
package struct EvaluationScratch: Sendable {
    /// No value: the document says `null`.
    package static let noValue: UInt16 = 0xFFFF
    /// The value is `EvaluationContext.forcedFeatures`' one.
    package static let overridden: UInt16 = 0xFFFE

    /// Rules looked at for one request, prerequisites included; only cycles need more.
    static let stepsMax = 1_000_000
    /// Prerequisites of prerequisites.
    static let depthMax = 128

    /// For each of ``RuleTables/ruled``: the ordinal among the setting's candidates, or one of the two above.
    package internal(set) var choices: [UInt16] = []
    /// The stored assignments as they are now; `nil` when the context had none.
    package internal(set) var sticky: StickyDocuments?

    /// Experiments that the user is in, in the order in which they were found; see `Evaluator.assignments`.
    var found: [FoundAssignment] = []
    var conditions = ConditionScratch()
    var slots: [SlotValue] = []
    var units: [UInt16] = []
    /// What settings that others ask for came out as; see ``Decision/packed``.
    var memo: [UInt32] = []
    /// The settings being evaluated, outermost first.
    var path: [Int32] = []
    var steps = 0
    /// The experiment evaluated last, and its forced variation where that is no whole number.
    var lastRun: ExperimentRun?
    var oddVariation: JSONValue = .null
    /// Of the outermost setting; `nil` when nobody asked.
    var verdicts: [RuleVerdict]?
    /// Whether only choices and assignments are wanted, and the context overrides nothing.
    var isPlain = false

    package init() {}

    /// Forgets the request before.
    mutating func begin(_ tables: RuleTables, _ context: EvaluationContext) {
        tables.conditions.begin(context.attributes, &conditions)
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(SlotValue(), count: tables.slots.count))
        units.removeAll(keepingCapacity: true)
        memo.removeAll(keepingCapacity: true)
        memo.append(contentsOf: repeatElement(0, count: tables.features.count))
        found.removeAll(keepingCapacity: true)
        choices.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        sticky = tables.document.options.isSticky ? context.sticky : nil
        steps = 0
        lastRun = nil
        verdicts = nil
        isPlain = false
    }
}
