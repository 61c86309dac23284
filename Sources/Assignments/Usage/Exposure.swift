/// A unit (a user, a device) was given a variation of an experiment.
package struct Exposure: Sendable {
    /// The experiment's key, as authored.
    package var experiment: String
    /// The variation's key (`"0"`, `"1"`, … if the author named none).
    package var variation: String
    /// The attribute that units are told apart by, such as `id`.
    package var attribute: String
    /// The attribute's value.
    package var unit: String

    package init(experiment: String, variation: String, attribute: String, unit: String) {
        self.experiment = experiment
        self.variation = variation
        self.attribute = attribute
        self.unit = unit
    }
}
