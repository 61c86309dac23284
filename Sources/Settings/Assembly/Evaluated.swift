import DeliveryTypes
import JSON

/// What one context gets from a release: which line every setting has, and nothing of the text yet.
///
/// Cheap to compare: `etag` and `token` need no assembly. The text comes from `Assembler`.
package struct Evaluated: Sendable {
    package let release: LoadedRelease
    /// Whose specialised tables gave the answer; `nil` for the general ones.
    package let partition: PartitionKey?
    package let context: EvaluationContext
    /// The experiments the context is in, for exposures, tracks and sticky documents.
    ///
    /// Made anew at each call, some 0.5 µs for each: ask once.
    package var assignments: [ExperimentAssignment] { lease.assignments(context) }
    /// The stored assignments as they are now (`toStore` has the new ones); `nil` when the context had none.
    package let sticky: StickyDocuments?

    let lease: ScratchLease
    /// For each dynamic setting its piece, or `overridden`.
    let chosen: [UInt32]
    /// For each dynamic setting the ordinal of its candidate, as evaluation gave it.
    let ordinals: [UInt16]
    /// What each of the release's placeholders is filled with.
    let placeholders: [[UInt8]]
    /// The text of values that the caller has forced, by setting.
    let forced: [Int: [UInt8]]

    static let overridden = UInt32.max

    /// A strong entity tag (RFC 9110 §8.8.3) with its quotes.
    ///
    /// It covers the release, the chosen lines, what placeholders were filled with, and forced values: equal tags,
    /// equal documents, whatever attributes led there. 128 bits, not keyed.
    package var etag: String {
        var fingerprint = release.fingerprint
        var index = 0
        while index + 1 < chosen.count {
            fingerprint.combine(UInt64(chosen[index]) &<< 32 | UInt64(chosen[index + 1]))
            index += 2
        }
        if index < chosen.count { fingerprint.combine(UInt64(chosen[index])) }
        for value in placeholders { fingerprint.combine(value) }
        for (setting, text) in forced.sorted(by: { $0.key < $1.key }) {
            fingerprint.combine(UInt64(setting))
            fingerprint.combine(text)
        }
        let digest = fingerprint.digest
        var bytes: [UInt8] = []
        for word in [digest.high, digest.low] {
            for shift: UInt64 in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word &>> shift))
            }
        }
        return "\"\(String(decoding: Base64URL.text(of: bytes), as: UTF8.self))\""
    }

    /// A fingerprint of the experiments that the user is in: equal marks of one app, equal exposures.
    package var exposureMark: UInt64 {
        var fingerprint = release.fingerprint
        lease.mark(&fingerprint)
        return fingerprint.digest.high
    }

    /// What the client sends back to be told only what has changed.
    package var token: StateToken {
        let table = release.table
        let shapes = release.outline.shapes
        // A forced constant is in no state: nothing can be told from it.
        let isWhole = forced.keys.allSatisfy { shapes[$0].isDynamic }
        return StateToken(
            release.outline,
            choices: { index in
                let setting = table.dynamic[index]
                if chosen[index] == Self.overridden { return shapes[setting].lines + 1 }
                return Int(chosen[index]) - table.firstPieces[setting]
            },
            placeholders: placeholderDigest,
            isWhole: isWhole
        )
    }

    /// A hash of what the placeholders were filled with, and of their names.
    var placeholderDigest: UInt64 {
        if placeholders.isEmpty { return 0 }
        var fingerprint = Fingerprint()
        for (path, value) in zip(release.placeholderPaths, placeholders) {
            fingerprint.combine(Array(path.text.utf8))
            fingerprint.combine(value)
        }
        return fingerprint.digest.low
    }

    /// The JSON text of one setting's value.
    ///
    /// - Parameter setting: index in `release.names`.
    /// - Returns: UTF-8, placeholders filled in.
    package func value(of setting: Int) -> [UInt8] {
        if let text = forced[setting] { return text }
        let table = release.table
        let piece = piece(of: setting)
        let text = table.value(Int(piece), of: setting)
        return release.templates[piece].map { $0.filled(text, with: placeholders) } ?? text
    }

    /// A name for the value a setting has.
    ///
    /// - Parameter setting: index in `release.names`.
    /// - Returns: `default`, `none` for `null`, `forced`; else the rule's `id` (or `rule-2` for the second one), or the
    ///   variation's key.
    package func variant(of setting: Int) -> String {
        if forced[setting] != nil { return "forced" }
        let shape = release.outline.shapes[setting]
        if !shape.isDynamic { return shape.lines == 0 ? "none" : "default" }
        let ordinal = Int(ordinals[release.place(of: setting)])
        if ordinal == EvaluationScratch.noValue { return "none" }
        let rules = release.tables.document.features[setting].rules
        guard ordinal > 0, let index = rules.lastIndex(where: { $0.firstCandidate <= ordinal }) else {
            return "default"
        }
        let rule = rules[index]
        let variation = ordinal - rule.firstCandidate - (rule.force == nil ? 0 : 1)
        if variation < 0 { return rule.source["id"]?.string?.text ?? "rule-\(index + 1)" }
        let meta = rule.source["meta"]?.array ?? []
        return (meta.indices.contains(variation) ? meta[variation]["key"]?.string?.text : nil) ?? "\(variation)"
    }

    /// The piece of a setting that is not overridden.
    func piece(of setting: Int) -> UInt32 {
        guard release.outline.shapes[setting].isDynamic else { return UInt32(release.table.firstPieces[setting]) }
        return chosen[release.place(of: setting)]
    }
}
