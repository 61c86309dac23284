/// The events that are taken; others are refused by name.
package enum EventType: String, CaseIterable, Sendable {
    /// Somebody used content: what creators are paid by.
    case use = "com.vitrine.usage.v1"
    /// A picture was delivered.
    case delivery = "com.vitrine.delivery.v1"
    /// A unit was given an experiment's variation.
    case exposure = "com.vitrine.exposure.v1"
    /// The same, as nodes wrote it before.
    case formerExposure = "vitrine.exposure"

    var isUse: Bool { self == .use }
}
