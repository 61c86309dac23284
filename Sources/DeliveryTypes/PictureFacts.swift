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

/// What a render worker made.
package struct RenderResult: Hashable, Sendable {
    /// Everything but the bytes; this part is what travels as text.
    package struct Head: Hashable, Sendable, Codable {
        package var source: PictureFacts
        /// The rendition's format, size and frames; `nil` for `inspect` and `information`.
        package var format: ImageFormat?
        package var size: PixelSize?
        package var frames = 1
        /// The quality that was used, where the format has one.
        package var quality: Int?
        /// For `information`: what was asked and found.
        package var blurHash: String?
        /// Base64 of the thumbhash bytes.
        package var thumbHash: String?
        package var dominantColor: Color?
        /// CPU-bound time in the worker, microseconds.
        package var decodeMicroseconds = 0
        package var encodeMicroseconds = 0
        /// CPU time of the whole job on all of the worker's threads, microseconds; set by the worker's loop.
        package var cpuMicroseconds = 0
        /// From submission to a worker, and in the worker including both ways, microseconds; set by the render pool.
        package var queueMicroseconds = 0
        package var workerMicroseconds = 0

        package init(source: PictureFacts) { self.source = source }
    }

    package var head: Head
    /// The encoded rendition; empty for `inspect` and `information`.
    package var bytes: [UInt8]

    package init(head: Head, bytes: [UInt8] = []) {
        self.head = head
        self.bytes = bytes
    }
}

/// Why a render worker made nothing.
///
/// The text is safe to show to the requester.
package struct RenderFailure: Error, Hashable, Sendable, Codable {
    package enum Code: String, Hashable, Sendable, Codable {
        /// Not a picture, or a format that is not read.
        case unsupportedSource
        /// A picture whose bytes are damaged or end too early.
        case corruptSource
        /// The source or the result exceeds a limit; the text names it.
        case limitExceeded
        /// The transformation asks for what this source or format cannot give.
        case unsuitableTransformation
        /// The worker's own fault (memory, a libvips fault); trying once more may help.
        case workerFault
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
