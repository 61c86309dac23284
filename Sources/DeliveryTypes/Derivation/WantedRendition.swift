/// A rendition that is asked for: the child in a derivation.
package struct WantedRendition: Hashable, Sendable {
    package var source: SourceReference
    /// With the client's hints worked in (`Negotiation.Outcome`).
    package var transformation: Transformation
    package var target: RenditionTarget

    package init(source: SourceReference, transformation: Transformation, target: RenditionTarget) {
        self.source = source
        self.transformation = transformation
        self.target = target
    }
}
