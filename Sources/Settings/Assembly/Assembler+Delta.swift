import JSON

extension Assembler {
    /// What differs from what the client holds; `nil` when its token is of a release nobody remembers, or none of ours:
    /// then it needs the whole document.
    ///
    /// - Parameters:
    ///   - token: what the client sent.
    ///   - older: outlines of releases before this one.
    /// - Returns: the settings to set and to remove.
    package func delta(since token: StateToken, older: [ReleaseOutline] = []) -> Delta? {
        let release = evaluated.release
        let held = [release.outline] + older
        guard let outline = held.first(where: { $0.shortName == token.release }),
            let choices = token.choices(outline)
        else { return nil }
        let isFilledAlike = token.placeholders == evaluated.placeholderDigest
        let changed: [Int]
        var removed: [ExactString] = []
        if outline === release.outline {
            changed = settingsChanged(from: choices, isFilledAlike)
        } else {
            let indices = release.correspondence(outline)
            changed = settingsChanged(from: choices, of: outline, indices, isFilledAlike)
            removed = zip(outline.names, indices).compactMap { $1 < 0 ? $0 : nil }
        }
        return Delta(changed: Self.object(evaluated, of: changed), removed: removed, changedCount: changed.count)
    }

    private func settingsChanged(from choices: [Int], _ isFilledAlike: Bool) -> [Int] {
        let release = evaluated.release
        let table = release.table
        var changed = evaluated.forced.keys.filter { !release.outline.shapes[$0].isDynamic }.sorted()
        for (place, setting) in table.dynamic.enumerated() {
            let piece = evaluated.chosen[place]
            if Int(piece) == table.firstPieces[setting] + choices[place],
                isFilledAlike || release.templates[piece] == nil
            {
                continue
            }
            changed.append(setting)
        }
        return changed
    }

    private func settingsChanged(
        from choices: [Int],
        of outline: ReleaseOutline,
        _ indices: [Int32],
        _ isFilledAlike: Bool
    ) -> [Int] {
        let release = evaluated.release
        var held = [UInt64?](repeating: nil, count: release.names.count)
        var place = 0
        for (setting, shape) in outline.shapes.enumerated() {
            var choice = 0
            if shape.isDynamic {
                choice = choices[place]
                place += 1
            }
            // One more than `null` is a value that was forced: not what any line says.
            if indices[setting] >= 0, choice <= shape.lines {
                held[Int(indices[setting])] = outline.lineDigest(setting, choice: choice)
            }
        }
        return release.names.indices.filter { setting in
            if evaluated.forced[setting] != nil { return true }
            let piece = evaluated.piece(of: setting)
            let choice = Int(piece) - release.table.firstPieces[setting]
            if held[setting] != release.outline.lineDigest(setting, choice: choice) { return true }
            return !isFilledAlike && release.templates[piece] != nil
        }
    }
}
