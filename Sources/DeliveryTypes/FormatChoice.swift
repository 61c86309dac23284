/// Which format a rendition gets.
package enum FormatChoice {
    /// What the source and the transformation ask of a format.
    package struct Needs: Hashable, Sendable {
        /// The rendition may have transparent pixels.
        package var alpha: Bool
        /// The rendition has several frames, if the format can.
        package var frames: Bool

        package init(alpha: Bool, frames: Bool) {
            self.alpha = alpha
            self.frames = frames
        }

        /// The needs of a transformation of this source, of which at most `framesMax` frames are read.
        package init(_ transformation: Transformation, source: PictureFacts, framesMax: Int) {
            let isOpaque = transformation.background != nil && transformation.backgroundAlpha >= 1
            alpha = !isOpaque && (source.hasAlpha || transformation.asksForCanvas)
            frames =
                source.frames > 1 && !transformation.disableAnimation && transformation.pageCount != 1
                && framesMax > 1 && transformation.page < source.frames - 1
        }
    }

    /// - Throws: `unsuitableTransformation` when the URL names a format that is only read.
    package static func format(_ target: RenditionTarget, _ needs: Needs) throws(RenderFailure) -> ImageFormat {
        switch target {
        case .format(let format):
            guard format.isWritable else {
                throw RenderFailure(.unsuitableTransformation, "The format \(format.rawValue) is not written.")
            }
            return format
        case .negotiated(let accepted):
            let suitable = accepted.first { format in
                format.isWritable && (format.keepsAlpha || !needs.alpha) && (format.keepsFrames || !needs.frames)
            }
            if let suitable { return suitable }
            if needs.frames { return .gif }
            return needs.alpha ? .png : .jpeg
        }
    }
}
