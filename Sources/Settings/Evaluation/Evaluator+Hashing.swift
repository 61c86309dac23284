import JSON

extension Evaluator {
    /// Finds an attribute that is to be hashed.
    ///
    /// - Returns: whether there is something to hash.
    /// - Throws: `.malformedRule` where its name is no text and no attribute has it.
    func resolve(
        _ slot: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Bool {
        if scratch.slots[Int(slot)].state == .unresolved {
            scratch.slots[Int(slot)] = value(of: tables.slots[Int(slot)], context.attributes, &scratch.units)
        }
        switch scratch.slots[Int(slot)].state {
        case .present: return true
        case .malformed: throw .malformedRule
        case .empty, .unresolved: return false
        }
    }

    /// Finds an attribute that is to be hashed, or else its fallback (−1 for none).
    func resolve(
        _ slot: Int32,
        _ fallback: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> (slot: Int32, hasValue: Bool) {
        if try resolve(slot, context, &scratch) { return (slot, true) }
        if fallback >= 0, try resolve(fallback, context, &scratch) { return (fallback, true) }
        return (slot, false)
    }

    private func value(of slot: HashSlot, _ attributes: JSONObject, _ units: inout [UInt16]) -> SlotValue {
        var resolved = SlotValue()
        guard let value = lookUp(slot, attributes) else {
            resolved.state = slot.isMalformed ? .malformed : .empty
            return resolved
        }
        guard JSCoercion.truth(value) else {
            resolved.state = .empty
            return resolved
        }
        resolved.state = .present
        resolved.isNumeric = ScriptValue.isNumeric(value)
        resolved.start = Int32(units.count)
        ScriptValue.text(value).appendUnits(to: &units)
        resolved.end = Int32(units.count)
        var hash = FNV1a()
        hash.add(units[Int(resolved.start)...])
        resolved.hash = hash.state
        return resolved
    }

    /// The attribute itself: by its literal name, else along the dotted path.
    func lookUp(_ slot: HashSlot, _ attributes: JSONObject) -> JSONValue? {
        if let value = attributes[slot.key] { return value }
        return slot.isMalformed || slot.path.isEmpty ? nil : ScriptValue.path(attributes, slot.path)
    }

    /// The hash of a seed and a resolved attribute in [0, 1).
    ///
    /// - Precondition: the attribute is there and the version is 1 or 2.
    func hash(_ seed: Int32, _ slot: Int32, _ version: UInt8, _ scratch: EvaluationScratch) -> Double {
        let seed = tables.seeds[Int(seed)]
        let value = scratch.slots[Int(slot)]
        if seed.isNumeric, value.isNumeric {
            return version == 1 ? Bucketing.biased(FNV1a.basis) : Bucketing.even(FNV1a.basis)
        }
        if version == 1 {
            var hash = FNV1a(state: value.hash)
            hash.add(tables.seedUnits[Int(seed.units.lowerBound)..<Int(seed.units.upperBound)])
            return Bucketing.biased(hash.state)
        }
        var hash = FNV1a(state: seed.state)
        hash.add(scratch.units[Int(value.start)..<Int(value.end)])
        return Bucketing.even(hash.state)
    }
}
