import JSON
import Settings

/// What OpenFeature calls each value a setting can have: its reason and its variant, known before anybody asks.
struct CandidateArms: Sendable {
    private struct Arm: Sendable {
        let reason: FlagResolution.Reason
        let variant: ExactString
    }

    /// By setting and ordinal.
    private let arms: [[Arm]]
    private let schedules: [Schedule?]

    init(_ document: FeaturesDocument) {
        arms = document.features.map { feature in
            let own: FlagResolution.Reason = feature.isKilled ? .disabled : feature.rules.isEmpty ? .fixed : .byDefault
            var arms = [Arm(reason: own, variant: "default")]
            for (index, rule) in feature.rules.enumerated() {
                let name = rule.source["id"]?.string ?? ExactString("rule-\(index + 1)")
                if rule.force != nil {
                    let isShare = rule.source["coverage"] != nil || rule.source["range"] != nil
                    arms.append(Arm(reason: isShare ? .split : .targetingMatch, variant: name))
                }
                let meta = rule.source["meta"]?.array
                for variation in rule.variations.indices {
                    let key = meta.flatMap { $0.indices.contains(variation) ? $0[variation]["key"]?.string : nil }
                    arms.append(Arm(reason: .split, variant: key ?? ExactString("\(variation)")))
                }
            }
            return arms
        }
        schedules = document.features.map(\.schedule)
    }

    /// A setting of a bulk evaluation.
    func flag(_ name: ExactString, _ setting: Int, ordinal: UInt16, value: [UInt8], now: Int64) -> FlagResolution {
        let isNull = value == Array("null".utf8)
        switch ordinal {
        case EvaluationScratch.overridden:
            return FlagResolution(name: name, value: isNull ? nil : value, reason: .fixed, variant: "forced")
        case EvaluationScratch.noValue:
            return FlagResolution(name: name, value: nil, reason: .disabled, variant: "default")
        default:
            let arm = arm(setting, Int(ordinal), now)
            return FlagResolution(name: name, value: isNull ? nil : value, reason: arm.reason, variant: arm.variant)
        }
    }

    /// A setting that was evaluated alone.
    func flag(
        _ name: ExactString,
        _ setting: Int,
        _ outcome: FeatureOutcome,
        value: [UInt8]?,
        now: Int64
    ) -> FlagResolution {
        if outcome.source == .cyclicPrerequisite {
            let failure = "Its prerequisites lead back to it."
            return FlagResolution(name: name, value: nil, reason: .unknown, variant: "default", failure: failure)
        }
        let value = value == Array("null".utf8) ? nil : value
        switch outcome.value {
        case .candidate(let ordinal, _):
            let arm = arm(setting, ordinal, now)
            return FlagResolution(name: name, value: value, reason: arm.reason, variant: arm.variant)
        case .given: return FlagResolution(name: name, value: value, reason: .fixed, variant: "forced")
        case .null, .undefined:
            return FlagResolution(name: name, value: nil, reason: .disabled, variant: "default")
        }
    }

    private func arm(_ setting: Int, _ ordinal: Int, _ now: Int64) -> Arm {
        let all = arms[setting]
        let arm = all.indices.contains(ordinal) ? all[ordinal] : Arm(reason: .unknown, variant: "default")
        if ordinal == 0, schedules[setting]?.contains(now) == false {
            return Arm(reason: .disabled, variant: "default")
        }
        return arm
    }
}
