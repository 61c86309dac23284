/// What `/info` wants besides the header.
package struct InformationRequest: Hashable, Sendable, Codable {
    /// BlurHash components (1…9 each); `nil` is off.
    package var blurHash: PixelSize?
    package var thumbHash = false
    package var dominantColor = false

    package init() {}
}
