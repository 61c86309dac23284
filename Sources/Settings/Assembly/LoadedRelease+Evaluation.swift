package import JSON

extension LoadedRelease {
    /// What this context gets: from the partition's tables where they hold, else from the general ones; the answer is
    /// the same.
    package func evaluate(_ context: EvaluationContext) -> Evaluated {
        let (view, partition) = view(for: context)
        return evaluate(context, view, partition)
    }

    /// What the general tables say, whatever is known of the context's partition.
    package func evaluateGenerally(_ context: EvaluationContext) -> Evaluated {
        evaluate(context, general, nil)
    }

    private func evaluate(_ context: EvaluationContext, _ view: ReleaseView, _ partition: PartitionKey?) -> Evaluated {
        let evaluator = Evaluator(view.tables)
        var scratch = view.takeScratch()
        evaluator.evaluateAll(context, &scratch)
        var chosen = defaults
        var ordinals = [UInt16](repeating: 0, count: chosen.count)
        for index in view.places.indices {
            let choice = scratch.choices[index]
            let place = Int(view.places[index])
            ordinals[place] = choice
            switch choice {
            case EvaluationScratch.noValue: chosen[place] = UInt32(table.nullPiece(table.dynamic[place]))
            case EvaluationScratch.overridden: chosen[place] = Evaluated.overridden
            default: chosen[place] = view.candidatePieces[Int(view.firstCandidates[index]) + Int(choice)]
            }
        }
        let sticky = scratch.sticky
        let lease = ScratchLease(scratch, of: view)
        let forced = forced(context)
        for setting in forced.keys where outline.shapes[setting].isDynamic {
            chosen[place(of: setting)] = Evaluated.overridden
        }
        return Evaluated(
            release: self,
            partition: partition,
            context: context,
            sticky: sticky,
            lease: lease,
            chosen: chosen,
            ordinals: ordinals,
            placeholders: placeholderPaths.map { PlaceholderValue.bytes(of: $0, in: context.attributes) },
            forced: forced
        )
    }

    /// One setting: what it is and why.
    ///
    /// - Parameters:
    ///   - name: the setting's.
    ///   - context: who asks.
    ///   - isExplained: whether the outcome says what became of each rule.
    /// - Returns: its value (`text(of:_:_:)` has the text), source, rule and experiment.
    package func outcome(
        of name: ExactString,
        _ context: EvaluationContext,
        isExplained: Bool = false
    ) -> FeatureOutcome {
        var scratch = general.takeScratch()
        defer { general.giveBack(scratch) }
        return Evaluator(tables).evaluate(name, context, &scratch, isExplained: isExplained)
    }

    /// One setting with the experiments and assignments that evaluating it made.
    package func single(_ name: ExactString, _ context: EvaluationContext) -> SingleOutcome {
        var scratch = general.takeScratch()
        defer { general.giveBack(scratch) }
        let evaluator = Evaluator(tables)
        let outcome = evaluator.evaluate(name, context, &scratch)
        return SingleOutcome(
            outcome: outcome,
            assignments: evaluator.assignments(context, scratch),
            sticky: scratch.sticky
        )
    }

    /// The JSON texts that a setting can have, placeholders as they were authored.
    package func candidateTexts(of setting: Int) -> [[UInt8]] {
        (table.firstPieces[setting]..<table.nullPiece(setting)).map { table.value($0, of: setting) }
    }

    /// The JSON text of an outcome's value; `nil` for no value.
    package func text(of outcome: FeatureOutcome, _ name: ExactString, _ context: EvaluationContext) -> [UInt8]? {
        switch outcome.value {
        case .null, .undefined: return nil
        case .given(let value): return Self.text(value)
        case .candidate(_, let id):
            guard let setting = position(of: name), !id.isMissing else { return nil }
            let piece = table.firstPieces[setting] + Int(id.index) - outline.firstLines[setting]
            guard piece >= table.firstPieces[setting], piece < table.nullPiece(setting) else { return nil }
            let text = table.value(piece, of: setting)
            guard let template = templates[UInt32(piece)] else { return text }
            return template.filled(
                text,
                with: placeholderPaths.map { PlaceholderValue.bytes(of: $0, in: context.attributes) }
            )
        }
    }

    /// The place of a dynamic setting among the dynamic ones.
    func place(of setting: Int) -> Int {
        var low = 0
        var high = table.dynamic.count
        while low < high {
            let middle = (low + high) / 2
            if table.dynamic[middle] < setting { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func forced(_ context: EvaluationContext) -> [Int: [UInt8]] {
        if context.forcedFeatures.isEmpty { return [:] }
        var forced: [Int: [UInt8]] = [:]
        for member in context.forcedFeatures.members {
            if let setting = position(of: member.key) { forced[setting] = Self.text(member.value) }
        }
        return forced
    }

    private static func text(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.authored(value, into: &bytes)
        return bytes
    }
}
