/// What a render worker made.
package struct RenderResult: Hashable, Sendable {
    /// Everything but the bytes; this part is what travels as text.
    package struct Head: Hashable, Sendable, Codable {
        package var source: PictureFacts
        /// The rendition's format, size and frames; `nil` for all other tasks.
        package var format: ImageFormat?
        package var size: PixelSize?
        package var frames = 1
        /// The quality that was used, where the format has one.
        package var quality: Int?
        /// Whether the source names its author or rights; `nil` where the rendition was not to keep them.
        package var hasRights: Bool?
        /// For `information`: what was asked and found.
        package var blurHash: String?
        /// Base64 of the thumbhash bytes.
        package var thumbHash: String?
        package var dominantColor: Color?
        /// For `similarity`: SSIM of the two pictures, −1…1, where 1 is alike.
        package var similarity: Double?
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
    /// The encoded rendition; empty for all other tasks.
    package var bytes: [UInt8]

    package init(head: Head, bytes: [UInt8] = []) {
        self.head = head
        self.bytes = bytes
    }
}
