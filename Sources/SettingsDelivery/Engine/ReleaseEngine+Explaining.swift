package import JSON
import Settings

extension ReleaseEngine {
    package func explain(
        _ request: SettingsRequest,
        _ known: UserKnowledge,
        only: ExactString?,
        now: Int64
    ) -> [UInt8] {
        let context = context(request, known, now)
        var bytes = [UInt8(ascii: "{")]
        for name in only.map({ [$0] }) ?? release.names {
            let outcome = release.outcome(of: name, context, isExplained: true)
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.string(name, into: &bytes)
            bytes += Array(#":{"value":"#.utf8)
            bytes += release.text(of: outcome, name, context) ?? Array("null".utf8)
            bytes += Array(#","source":"\#(outcome.source.rawValue)""#.utf8)
            if let rule = outcome.rule { bytes += Array(#","rule":\#(rule + 1)"#.utf8) }
            if let id = outcome.ruleID {
                bytes += Array(#","ruleId":"#.utf8)
                JSONWriter.authored(id, into: &bytes)
            }
            if let experiment = outcome.experiment, experiment.inExperiment {
                bytes += Array(#","variation":"#.utf8)
                JSONWriter.authored(experiment.key, into: &bytes)
            }
            bytes += Array(#","rules":["#.utf8)
            for (index, verdict) in outcome.verdicts.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONWriter.string(ExactString(Self.words(verdict)), into: &bytes)
            }
            bytes += Array("]}".utf8)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// What became of a rule, for people.
    private static func words(_ verdict: RuleVerdict) -> String {
        switch verdict {
        case .matched: "matched"
        case .killed: "killed"
        case .outsideSchedule: "outside its schedule"
        case .prerequisite(let name): "prerequisite \(name.text) does not hold"
        case .filteredOut: "filtered out"
        case .conditionFailed: "condition not met"
        case .notInRollout: "not in the share of users"
        case .noValue: "no value"
        case .passedThrough: "in the experiment, passed through"
        case .notInExperiment(let reason): "not in the experiment: \(reason.rawValue)"
        case .malformed: "malformed"
        }
    }
}
