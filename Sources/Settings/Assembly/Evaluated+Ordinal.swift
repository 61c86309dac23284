extension Evaluated {
    /// Which of a setting's candidates evaluation chose: the ordinal in `FeaturesDocument.candidates(of:)`,
    /// `EvaluationScratch.noValue`, or `EvaluationScratch.overridden` for a value that the caller forced.
    ///
    /// `setting`: index in `release.names`.
    package func ordinal(of setting: Int) -> UInt16 {
        if forced[setting] != nil { return EvaluationScratch.overridden }
        guard release.outline.shapes[setting].isDynamic else { return 0 }
        return ordinals[release.place(of: setting)]
    }
}
