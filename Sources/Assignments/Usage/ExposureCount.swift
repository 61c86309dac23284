package import JSON

/// What one node has seen of one arm of an experiment since it started.
package struct ExposureCount: Hashable, Sendable {
    package var app: String
    package var experiment: ExactString
    package var variation: ExactString
    /// Exposures, repeated ones included.
    package var exposures: Int
    /// Units that were new in their window.
    package var units: Int
}
