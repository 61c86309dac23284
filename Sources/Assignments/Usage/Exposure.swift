package import JSON

/// A unit (a user, a device) was given a variation of an experiment.
package struct Exposure: Hashable, Sendable {
    /// The experiment's key, as authored.
    package var experiment: ExactString
    /// The variation's key (`"0"`, `"1"`, … if the author named none).
    package var variation: ExactString
    /// The attribute that units are told apart by, such as `id`.
    package var attribute: ExactString
    /// The attribute's value as text.
    package var unit: ExactString

    package init(experiment: ExactString, variation: ExactString, attribute: ExactString, unit: ExactString) {
        self.experiment = experiment
        self.variation = variation
        self.attribute = attribute
        self.unit = unit
    }
}
