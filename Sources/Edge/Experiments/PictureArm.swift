package import DeliveryTypes

/// The arm of a picture experiment that a viewer is in: what its pictures look like where their URLs leave it open.
package struct PictureArm: Sendable, Equatable {
    /// The experiment's key, as people know it.
    package var experiment: String
    /// The variation's key.
    package var variation: String
    /// `nil` leaves the format to negotiation.
    package var format: ImageFormat?
    /// 1…100; `nil` leaves the quality to the server.
    package var quality: Int?
    /// Formats that some arm of the experiment asks for.
    ///
    /// Who cannot show them all is in no arm, so that the arms' viewers are of one kind.
    package var formatsOfAllArms: [ImageFormat]

    package init(
        experiment: String,
        variation: String,
        format: ImageFormat?,
        quality: Int?,
        formatsOfAllArms: [ImageFormat]
    ) {
        self.experiment = experiment
        self.variation = variation
        self.format = format
        self.quality = quality
        self.formatsOfAllArms = formatsOfAllArms
    }

    /// URL options that stand before a URL's own, which win; empty for an arm that changes nothing.
    var options: String {
        (format.map { "/format:\($0.rawValue)" } ?? "") + (quality.map { "/quality:\($0)" } ?? "")
    }
}
