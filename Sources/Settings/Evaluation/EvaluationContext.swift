package import JSON

/// Who asks, and what overrides what the rules say: the reference's context of one user.
package struct EvaluationContext: Sendable {
    /// What conditions and hashing look at.
    package var attributes: JSONObject
    /// The page or screen, empty for none.
    ///
    /// `?experiment=1` in it forces a variation.
    package var url: ExactString = ""
    /// Experiment key → variation index.
    package var forcedVariations = JSONObject()
    /// Setting → value, instead of anything else.
    package var forcedFeatures = JSONObject()
    /// Off: no experiments.
    package var isEnabled = true
    /// On: experiments only where a variation is forced.
    package var qaMode = false
    /// The user's stored assignments; `nil` when nothing is stored and fallback attributes do not count.
    package var sticky: StickyDocuments?
    /// The reference's old user groups; only experiments outside of settings ask for them.
    package var groups = JSONObject()
    /// Milliseconds since 1970, for schedules.
    package var nowMilliseconds: Int64

    /// Whether nothing but attributes decides about experiments.
    var isPlain: Bool { isEnabled && !qaMode && url.isEmpty && forcedVariations.isEmpty }

    package init(attributes: JSONObject, nowMilliseconds: Int64) {
        self.attributes = attributes
        self.nowMilliseconds = nowMilliseconds
    }
}
