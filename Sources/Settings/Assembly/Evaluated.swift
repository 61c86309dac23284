package import DeliveryTypes
package import JSON

/// What one context gets from a release: which line every setting has, and nothing of the text yet.
///
/// Cheap to compare: `etag` and `token` need no assembly. The text comes from `Assembler`.
package struct Evaluated: Sendable {
    package let release: LoadedRelease
    /// Whose specialised tables gave the answer; `nil` for the general ones.
    package let partition: PartitionKey?
    /// The experiments the context is in, for exposures, tracks and sticky documents.
    package let assignments: [ExperimentAssignment]

    /// A strong entity tag (RFC 9110 §8.8.3) with its quotes.
    ///
    /// It covers the release, the chosen lines, what placeholders were filled with, and forced values: equal tags,
    /// equal documents, whatever attributes led there. 128 bits, not keyed.
    package var etag: String

    /// What the client sends back to be told only what has changed.
    package var token: StateToken
}
