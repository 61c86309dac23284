extension OptionArguments {
    /// Reads `anchor:x:y` from `position` on, the last arguments of every option that takes them.
    ///
    /// Offsets that are left out keep those of `current`, unless it or the new anchor has none to give: a focus point's
    /// coordinates are not offsets, and `sm` has neither.
    func gravity(
        from position: Int,
        keeping current: Gravity?,
        allowing anchors: Set<Gravity.Anchor>
    ) throws(TransformationError) -> Gravity {
        let anchor = try anchor(position, allowing: anchors)
        guard count <= position + 3 else { throw error("a gravity takes an anchor, x and y, nothing more") }
        switch anchor {
        case .smart:
            guard text(position + 1) == nil, text(position + 2) == nil else { throw error("sm takes no offsets") }
            return Gravity(.smart)
        case .focusPoint:
            return Gravity(
                .focusPoint,
                x: try number(position + 1, in: 0...1),
                y: try number(position + 2, in: 0...1)
            )
        default:
            var gravity = Gravity(anchor)
            if let current, current.anchor != .focusPoint {
                gravity.x = current.x
                gravity.y = current.y
            }
            if text(position + 1) != nil { gravity.x = try offset(position + 1) }
            if text(position + 2) != nil { gravity.y = try offset(position + 2) }
            return gravity
        }
    }

    /// Like `gravity`, for options whose anchor may be left out, too: then only the offsets change.
    func placement(from position: Int, keeping current: Gravity) throws(TransformationError) -> Gravity {
        if text(position) != nil {
            let given = dropFirst(position).prefix(3)
            return try given.gravity(from: 0, keeping: current, allowing: Gravity.Anchor.positions)
        }
        var gravity = current
        if text(position + 1) != nil { gravity.x = try offset(position + 1) }
        if text(position + 2) != nil { gravity.y = try offset(position + 2) }
        return gravity
    }

    /// An offset: pixels from 1 on, a share of the side below.
    func offset(_ position: Int) throws(TransformationError) -> Double {
        let limit = Double(GrammarLimits.sideMax)
        return try number(position, in: -limit...limit)
    }

    private func anchor(
        _ position: Int,
        allowing anchors: Set<Gravity.Anchor>
    ) throws(TransformationError) -> Gravity.Anchor {
        let value = try required(position, "a gravity")
        if let anchor = Gravity.Anchor(rawValue: String(value)), anchors.contains(anchor) { return anchor }
        let names = Gravity.Anchor.allCases.filter(anchors.contains).map(\.rawValue)
        throw mismatch(position, names.joined(separator: ", "), value)
    }
}

extension Gravity.Anchor {
    /// The nine places of a picture's frame.
    static let places: Set<Gravity.Anchor> = Set(allCases).subtracting([.smart, .focusPoint])
    /// What may guide a cut.
    static let guides: Set<Gravity.Anchor> = Set(allCases)
    /// Where something may be put.
    static let positions: Set<Gravity.Anchor> = places.union([.focusPoint])
}
