package import JSON

/// The rules of a project as flat tables, compiled once and evaluated for every request.
///
/// Made from an authored document or one of references; both evaluate alike, by the one ``Evaluator``. Plain data,
/// shared by all requests.
package struct RuleTables: Sendable {
    package let document: FeaturesDocument
    package let conditions: ConditionTable
    /// The settings whose value can depend on the context, as indices of the document, in its order.
    package let ruled: [Int]
    /// The names of the attributes that stored assignments are kept by, each once.
    package let stickyAttributes: [ExactString]

    let features: [FeatureRow]
    let rules: [RuleRow]
    let experiments: [ExperimentEntry]
    /// The same, for those that are simple.
    let plainExperiments: [PlainExperiment]
    let rollouts: [RolloutRow]
    let filters: [FilterRow]
    let parents: [ParentRow]
    let bandits: [BanditRow]
    let spans: [BucketSpan]
    let slots: [HashSlot]
    let seeds: [SeedRow]
    let seedUnits: [UInt16]
    let schedules: [Schedule]

    /// Whether evaluating reads or changes stored assignments.
    package var needsStickyDocuments: Bool { document.options.isSticky && !stickyAttributes.isEmpty }

    /// Compiles all rules.
    package init(_ document: FeaturesDocument) {
        self.init(TableBuilder(document))
    }

    init(_ builder: consuming TableBuilder) {
        document = builder.document
        conditions = builder.conditions
        ruled = builder.features.indices.filter { builder.document.features[$0].isRuled }
        stickyAttributes = builder.stickyAttributes
        features = builder.features
        rules = builder.rules
        experiments = builder.experiments
        plainExperiments = builder.experiments.map {
            PlainExperiment($0.row, spans: builder.spans, slots: builder.slots)
        }
        rollouts = builder.rollouts
        filters = builder.filters
        parents = builder.parents
        bandits = builder.bandits
        spans = builder.spans
        slots = builder.slots
        seeds = builder.seeds
        seedUnits = builder.seedUnits
        schedules = builder.schedules
    }

    /// The attributes by whose values stored assignments are to be looked up for a context: name and value as text.
    ///
    /// The reference looks up even an attribute that is not there, by the empty text; this does not.
    package func stickyKeys(_ attributes: JSONObject) -> [(name: ExactString, value: ExactString)] {
        stickyAttributes.compactMap { name in
            let text = Self.stickyText(name, attributes)
            return text.isEmpty ? nil : (name, text)
        }
    }

    /// An attribute's value as stored assignments spell it; empty when it is not there.
    static func stickyText(_ name: ExactString, _ attributes: JSONObject) -> ExactString {
        ScriptValue.stored(attributes[name] ?? ScriptValue.path(attributes, ScriptValue.dotted(name)) ?? "")
    }
}
