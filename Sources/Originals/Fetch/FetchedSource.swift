package import Rendering

/// A source's bytes, ready to be handed to a render worker, and what the source said about them.
package struct FetchedSource: Sendable {
    package let bytes: SharedBytes
    package let facts: SourceFacts
}
