package import JSON

/// Who asks for settings, and what overrides the rules: a request's body, whichever surface it came to.
package struct SettingsRequest: Equatable, Sendable {
    /// What conditions and hashing look at.
    package var attributes: JSONObject
    /// The page or screen; empty for none.
    package var url: ExactString = ""
    /// Experiment → variation index.
    package var forcedVariations = JSONObject()
    /// Setting → value.
    package var forcedFeatures = JSONObject()
    /// Experiments only where a variation is forced.
    package var qaMode = false
    /// Off: no experiments.
    package var isEnabled = true

    package init(attributes: JSONObject) { self.attributes = attributes }

    /// Whether nothing but attributes came.
    package var isPlain: Bool {
        url.isEmpty && forcedVariations.isEmpty && forcedFeatures.isEmpty && !qaMode && isEnabled
    }
}
