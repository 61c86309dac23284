import JSON

/// The answer to an SDK that leaves evaluation to the server (`POST /api/eval`).
///
/// Every setting with its value as `defaultValue`, falsy ones too. Experiments come as `tracks`, with the name, the
/// phase and the chosen variation of each: no condition, weight, range or seed, and no other variation's value.
package struct RemoteEvaluation: Sendable {
    private let evaluated: Evaluated

    package init(_ evaluated: Evaluated) {
        self.evaluated = evaluated
    }

    /// `{"features":{…},"experiments":[]}`.
    package func bytes() -> [UInt8] {
        let release = evaluated.release
        let tracks = tracks()
        var bytes = Array(#"{"features":{"#.utf8)
        for (setting, name) in release.names.enumerated() {
            let value = evaluated.value(of: setting)
            bytes += PieceTable.prefix(name)[(setting == 0 ? 1 : 0)...]
            bytes += Array(#"{"defaultValue":"#.utf8)
            bytes += value
            if let assignments = tracks[setting] {
                bytes += Array(#","rules":[{"force":"#.utf8)
                bytes += value
                bytes += Array(#","tracks":["#.utf8)
                for (index, assignment) in assignments.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    append(assignment, to: &bytes)
                }
                bytes += Array("]}]".utf8)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += Array(#"},"experiments":[]}"#.utf8)
        return bytes
    }

    /// The experiments that decided each setting or its prerequisites.
    private func tracks() -> [Int: [ExperimentAssignment]] {
        let release = evaluated.release
        var tracks: [Int: [ExperimentAssignment]] = [:]
        let assignments = evaluated.assignments
        for assignment in assignments { tracks[assignment.feature, default: []].append(assignment) }
        guard !assignments.isEmpty else { return [:] }
        // Evaluating everything decides each prerequisite once; a client that asks for one setting must report what
        // lies under that one.
        var context = evaluated.context
        if let sticky = evaluated.sticky { context.sticky = sticky }
        let evaluator = Evaluator(release.tables)
        var scratch = release.general.takeScratch()
        for setting in release.dependents {
            _ = evaluator.evaluate(release.names[setting], context, &scratch)
            let found = evaluator.assignments(context, scratch)
            tracks[setting] = found.isEmpty ? nil : found
        }
        release.general.giveBack(scratch)
        for setting in evaluated.forced.keys { tracks[setting] = nil }
        return tracks
    }

    private func append(_ assignment: ExperimentAssignment, to bytes: inout [UInt8]) {
        let release = evaluated.release
        let feature = release.tables.document.features[assignment.feature]
        let rule = feature.rules[assignment.rule]
        let value = variation(assignment, feature, rule)
        var variations: [UInt8] = []
        for index in rule.variations.indices {
            if index > 0 { variations.append(UInt8(ascii: ",")) }
            variations += index == assignment.variation ? value : Array("{}".utf8)
        }
        var experiment = JSONObject()
        experiment["key"] = .string(assignment.experimentKey)
        for key: ExactString in ["name", "phase"] { experiment[key] = rule.source[key] }
        experiment["hashAttribute"] = .string(assignment.hashAttribute)
        var result = JSONObject()
        result["key"] = .string(assignment.variationKey)
        result["featureId"] = .string(feature.key)
        result["inExperiment"] = true
        result["hashUsed"] = true
        result["variationId"] = .number(assignment.variation)
        result["hashAttribute"] = .string(assignment.hashAttribute)
        result["hashValue"] = .string(assignment.hashValue)
        result["stickyBucketUsed"] = .bool(assignment.stickyBucketUsed)
        result["bucket"] = .number(assignment.bucket)
        result["name"] = rule.source["meta"]?.array.flatMap {
            $0.indices.contains(assignment.variation) ? $0[assignment.variation]["name"] : nil
        }
        if assignment.isPassthrough { result["passthrough"] = true }
        bytes += Array(#"{"experiment":"#.utf8)
        Self.append(experiment, member: #","variations":["#, variations + Array("]".utf8), to: &bytes)
        bytes += Array(#","result":"#.utf8)
        Self.append(result, member: #","value":"#, value, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// An object with one more member, whose text is there already.
    private static func append(_ object: JSONObject, member: String, _ text: [UInt8], to bytes: inout [UInt8]) {
        JSONWriter.stringify(.object(object), into: &bytes)
        bytes.removeLast()
        bytes += Array(member.utf8)
        bytes += text
        bytes.append(UInt8(ascii: "}"))
    }

    private func variation(
        _ assignment: ExperimentAssignment,
        _ feature: AuthoredFeature,
        _ rule: AuthoredRule
    ) -> [UInt8] {
        let release = evaluated.release
        guard rule.variations.indices.contains(assignment.variation) else { return Array("null".utf8) }
        let id = rule.variations[assignment.variation]
        guard !id.isMissing else { return Array("null".utf8) }
        let table = release.table
        let setting = assignment.feature
        let piece = table.firstPieces[setting] + Int(id.index) - release.outline.firstLines[setting]
        let text = table.value(piece, of: assignment.feature)
        return release.templates[UInt32(piece)].map { $0.filled(text, with: evaluated.placeholders) } ?? text
    }
}
