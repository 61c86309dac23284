import JSON

extension Evaluator {
    /// Looks an experiment up in the stored assignments: of the hashed attribute, then of the fallback (or `id`).
    ///
    /// - Throws: `.malformedRule` where `meta` is no list, or one with `null` in it.
    func stickyAnswer(
        _ experiment: ExperimentEntry,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> StickyAnswer {
        guard let sticky = scratch.sticky, !sticky.isEmpty else { return .none }
        var documents: [StickyDocument] = []
        if let first = sticky[stickyKey(experiment.row.slot, context)] { documents.append(first) }
        if try resolve(experiment.row.stickyFallback, context, &scratch),
            let second = sticky[stickyKey(experiment.row.stickyFallback, context)]
        {
            documents.append(second)
        }
        if documents.isEmpty { return .none }
        if experiment.row.minBucketVersion > 0,
            documents.contains(where: { isBlocked($0, experiment.row.key, below: experiment.row.minBucketVersion) })
        {
            return .blocked
        }
        guard let stored = documents.lazy.compactMap({ $0.assignments[experiment.row.stickyKey] }).first else {
            return .none
        }
        guard experiment.row.hasMeta else { return .none }
        guard experiment.row.metaIsList else { throw .malformedRule }
        for (index, meta) in experiment.row.meta.prefix(experiment.row.metaCount).enumerated() {
            if meta.isMissing { throw .malformedRule }
            if let key = meta.key, JSCoercion.identical(key, stored) { return .found(Int32(index)) }
        }
        return .none
    }

    /// Whether a document has an assignment of a whole bucket version below the first that counts.
    private func isBlocked(_ document: StickyDocument, _ experiment: ExactString, below version: Double) -> Bool {
        let prefix = TableBuilder.stickyKey(experiment, "").units
        return document.assignments.members.contains { member in
            let units = member.key.units
            guard units.starts(with: prefix) else { return false }
            guard let index = ExactString(units: Array(units.dropFirst(prefix.count))).arrayIndex else { return false }
            return Double(index) < version
        }
    }

    private func stickyKey(_ slot: Int32, _ context: EvaluationContext) -> ExactString {
        let slot = tables.slots[Int(slot)]
        return StickyDocument.key(slot.key, ScriptValue.stored(lookUp(slot, context.attributes) ?? ""))
    }

    /// Notes a new assignment in the document of the attribute that counted.
    func store(_ run: ExperimentRun, _ context: EvaluationContext, _ scratch: inout EvaluationScratch) {
        let experiment = tables.experiments[Int(run.experiment)]
        let slot = tables.slots[Int(run.slot)]
        let value = ScriptValue.stored(lookUp(slot, context.attributes) ?? "")
        let key = resultKey(experiment, Int(run.variation))
        let known = scratch.sticky?[StickyDocument.key(slot.key, value)]
        var assignments = known?.assignments ?? JSONObject()
        if let old = assignments[experiment.row.stickyKey], JSCoercion.sameText(old, key) { return }
        assignments[experiment.row.stickyKey] = key
        scratch.sticky?.save(
            StickyDocument(attributeName: slot.key, attributeValue: value, assignments: assignments)
        )
    }

    /// `meta.key || "" + variation`.
    func resultKey(_ experiment: ExperimentEntry, _ variation: Int) -> JSONValue {
        if experiment.row.hasMeta,
            let key = ScriptValue.truthy(experiment.row.meta[min(variation, experiment.row.meta.count - 1)].key)
        {
            return key
        }
        return .text(String(variation))
    }
}
