/// One setting for one user.
package struct SingleEvaluation: Sendable {
    package let flag: FlagResolution
    /// The experiments that evaluating it put the user in.
    package let exposures: [ExperimentExposure]
    package let newAssignments: [StoredAssignments]

    package init(flag: FlagResolution, exposures: [ExperimentExposure], newAssignments: [StoredAssignments]) {
        self.flag = flag
        self.exposures = exposures
        self.newAssignments = newAssignments
    }
}
