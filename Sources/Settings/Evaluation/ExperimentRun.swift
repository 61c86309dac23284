/// What an experiment gave, in indices.
struct ExperimentRun: Sendable {
    let experiment: Int32
    let reason: ExperimentResult.Reason
    /// The variation; −1 when it is `EvaluationScratch.oddVariation`.
    let variation: Int32
    let inExperiment: Bool
    let hashUsed: Bool
    let stickyBucketUsed: Bool
    /// The variation leaves the value to later rules.
    let isPassthrough: Bool
    /// The attribute that counts.
    let slot: Int32
    /// NaN when the bucket did not decide.
    let bucket: Double
    /// The leaf of the experiment's bandit, ``BanditRow/fallback`` or ``BanditRow/none``.
    let leaf: Int32
}
