/// What an origin tells an edge about a rendition, so that smaller ones can be derived from it: the text of the
/// `Vitrine-Rendition` field.
///
/// The origin sends it only where the request has `Vitrine-Wants: rendition`, and an edge never passes it on. The text
/// is the worker's account of the rendition (`RenderResult.Head`) without its times, as JSON in unpadded base64url
/// (RFC 4648 §5), so that no character of a picture's metadata can matter to HTTP. At most `textBytesMax` bytes.
package struct RenditionFacts: Sendable {
    package static let fieldName = "Vitrine-Rendition"
    package static let wantsName = "Vitrine-Wants"
    package static let wants = "rendition"
    package static let textBytesMax = 4_096

    package let head: RenderResult.Head

    package init(_ head: RenderResult.Head) { self.head = head }
}
