package import JSON

/// What a project says about itself at the top level, in our `x-` keys.
package struct AppOptions: Equatable, Sendable {
    /// Whether assignments are stored and kept (`x-sticky`, true when absent).
    package var isSticky = true
    /// Attributes kept from one session to the next (`x-remember`).
    package var remembered: [ExactString] = []
    /// Values of the attribute `platform` that get rules of their own (`x-platforms`); `nil` when not said.
    package var platforms: [ExactString]?
    /// Values of the attribute `country` that get rules of their own (`x-countries`); `nil` when not said.
    package var countries: [ExactString]?

    package init() {}
}
