/// Which format a rendition is written in.
package enum RenditionTarget: Hashable, Sendable, Codable {
    case format(ImageFormat)
    /// The first of these that suits the source (alpha and frames are never lost to a better ranked format), else GIF
    /// for animations, PNG for pictures with alpha, JPEG for the rest. Holds what the client accepts, best first.
    case negotiated([ImageFormat])
}
