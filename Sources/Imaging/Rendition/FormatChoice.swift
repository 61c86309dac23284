import DeliveryTypes

/// Which format a rendition gets.
enum FormatChoice {
    /// What the source and the transformation ask of a format.
    struct Needs {
        /// The rendition may have transparent pixels.
        var alpha: Bool
        /// The rendition has several frames, if the format can.
        var frames: Bool
    }

    /// - Throws: `unsuitableTransformation` when the URL names a format that is only read.
    static func format(_ target: RenditionTarget, _ needs: Needs) throws(RenderFailure) -> ImageFormat {
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
