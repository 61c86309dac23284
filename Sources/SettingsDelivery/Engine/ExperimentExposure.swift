package import JSON
import Settings

/// A user is in an experiment's arm.
package struct ExperimentExposure: Equatable, Sendable {
    package let experiment: ExactString
    /// The variation's key.
    package let variation: ExactString
    package let attribute: ExactString
    /// The attribute's value as text.
    package let unit: ExactString

    package init(experiment: ExactString, variation: ExactString, attribute: ExactString, unit: ExactString) {
        self.experiment = experiment
        self.variation = variation
        self.attribute = attribute
        self.unit = unit
    }

    init(_ assignment: ExperimentAssignment) {
        self.init(
            experiment: assignment.experimentKey,
            variation: assignment.variationKey,
            attribute: assignment.hashAttribute,
            unit: assignment.hashValue
        )
    }
}
