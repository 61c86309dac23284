package import DeliveryTypes

/// The arm of a picture experiment that a viewer is in: what its pictures look like where their URLs leave it open.
package struct PictureArm: Sendable, Equatable {
    /// The app whose setting says so.
    package var app: String?
    /// The experiment's key, as people know it.
    package var experiment: String
    /// The variation's key.
    package var variation: String
    /// The attribute that viewers are told apart by, and the viewer's value; `nil` where no experiment chose.
    package var unit: Unit?
    /// `nil` leaves the format to negotiation.
    package var format: ImageFormat?
    /// 1…100; `nil` leaves the quality to the server.
    package var quality: Int?
    /// Formats that some arm of the experiment asks for.
    ///
    /// Who cannot show them all is in no arm, so that the arms' viewers are of one kind.
    package var formatsOfAllArms: [ImageFormat]

    package struct Unit: Sendable, Equatable {
        package var attribute: String
        package var value: String

        package init(attribute: String, value: String) {
            self.attribute = attribute
            self.value = value
        }
    }

    package init(
        experiment: String,
        variation: String,
        unit: Unit? = nil,
        format: ImageFormat?,
        quality: Int?,
        formatsOfAllArms: [ImageFormat]
    ) {
        self.experiment = experiment
        self.variation = variation
        self.unit = unit
        self.format = format
        self.quality = quality
        self.formatsOfAllArms = formatsOfAllArms
    }

    /// URL options that stand before a URL's own, which win; empty for an arm that changes nothing.
    var options: String {
        (format.map { "/format:\($0.rawValue)" } ?? "") + (quality.map { "/quality:\($0)" } ?? "")
    }
}
