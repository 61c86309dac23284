extension URLOption {
    /// What `/info` is asked for.
    ///
    /// Format, pixel size and bytes are read from the header and always answered; their options
    /// are accepted so that imgproxy's URLs work.
    static let facts: [URLOption] = [
        URLOption("blurhash", "bh", arity: 2...2) { (draft, arguments) throws(TransformationError) in
            let width = try arguments.integer(0, in: 0...9)
            let height = try arguments.integer(1, in: 0...9)
            guard (width == 0) == (height == 0) else {
                throw arguments.error("both components are 0 (off) or both from 1 to 9")
            }
            draft.information.blurHash = width == 0 ? nil : PixelSize(width: width, height: height)
        },
        URLOption("thumbhash", "th") { (draft, arguments) throws(TransformationError) in
            draft.information.thumbHash = try arguments.flag(0)
        },
        URLOption("dominant_color", "dominant_colors", "dc") { (draft, arguments) throws(TransformationError) in
            draft.information.dominantColor = try arguments.flag(0)
        },
        URLOption("size", "s") { (_, arguments) throws(TransformationError) in _ = try arguments.flag(0) },
        URLOption("format", "f") { (_, arguments) throws(TransformationError) in _ = try arguments.flag(0) },
        URLOption("dimensions", "d") { (_, arguments) throws(TransformationError) in _ = try arguments.flag(0) },
        page,
    ]
}
