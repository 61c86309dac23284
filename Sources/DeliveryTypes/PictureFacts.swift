/// What a picture's header says.
package struct PictureFacts: Hashable, Sendable, Codable {
    package var format: ImageFormat
    /// Stored size of one frame, in pixels, before orientation.
    package var size: PixelSize
    /// EXIF orientation, 1…8 (CIPA DC-008, tag 0x0112); 1 when absent.
    package var orientation: Int
    package var frames: Int
    package var hasAlpha: Bool
    /// Encoded size in bytes.
    package var bytes: Int

    package init(
        format: ImageFormat,
        size: PixelSize,
        orientation: Int = 1,
        frames: Int = 1,
        hasAlpha: Bool = false,
        bytes: Int
    ) {
        self.format = format
        self.size = size
        self.orientation = orientation
        self.frames = frames
        self.hasAlpha = hasAlpha
        self.bytes = bytes
    }

    /// The size a viewer sees, after orientation.
    package var orientedSize: PixelSize { orientation >= 5 ? size.transposed : size }
}
