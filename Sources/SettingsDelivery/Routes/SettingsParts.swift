package import Assignments
package import Fleet

/// What the settings surfaces are made of.
package struct SettingsParts: Sendable {
    package var directory: any AppDirectory
    /// Stored assignments and remembered attributes; `nil` where the node keeps none.
    package var states: UserStates?
    /// Takes the exposures; `nil` where nobody counts them.
    package var exposures: ExposureRecorder?
    package var limits: SettingsLimits
    package var metrics: SettingsMetrics
    package var encoder: AnswerEncoder
    /// Scheme and authority under which clients know this node; `nil` takes those of the request.
    package var publicOrigin: String?
    /// Unsafe mode: an app's name counts as its key.
    package var acceptsNames = false
    /// Duplicates a share of the requests; `nil` where nothing is measured.
    package var shadow: ShadowMeasurement?
    /// Whether the app may ask once more at a time in milliseconds since 1970.
    package var admits: @Sendable (_ app: String, _ now: Int64) -> RateDecision

    package init(
        directory: any AppDirectory,
        states: UserStates? = nil,
        exposures: ExposureRecorder? = nil,
        limits: SettingsLimits = SettingsLimits(),
        metrics: SettingsMetrics = SettingsMetrics(),
        encoder: AnswerEncoder = AnswerEncoder(),
        admits: @escaping @Sendable (String, Int64) -> RateDecision = { _, _ in
            .allowed(remaining: Int.max, resetSeconds: 0)
        }
    ) {
        self.directory = directory
        self.states = states
        self.exposures = exposures
        self.limits = limits
        self.metrics = metrics
        self.encoder = encoder
        self.admits = admits
    }
}
