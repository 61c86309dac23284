/// What a project may be at most.
package struct AuthoringLimits: Equatable, Sendable {
    package var settingsMax: Int
    /// Of one setting.
    package var rulesMax: Int
    /// Of one setting, the default included.
    package var candidatesMax: Int
    /// UTF-16 code units.
    package var nameLengthMax: Int
    /// Prerequisites of prerequisites.
    package var prerequisiteDepthMax: Int
    /// Issues reported; the rest is only said to be there.
    package var issuesMax: Int

    package init(
        settingsMax: Int = 20_000,
        rulesMax: Int = 1_000,
        candidatesMax: Int = 10_000,
        nameLengthMax: Int = 512,
        prerequisiteDepthMax: Int = 32,
        issuesMax: Int = 200
    ) {
        self.settingsMax = settingsMax
        self.rulesMax = rulesMax
        self.candidatesMax = candidatesMax
        self.nameLengthMax = nameLengthMax
        self.prerequisiteDepthMax = prerequisiteDepthMax
        self.issuesMax = issuesMax
    }
}
