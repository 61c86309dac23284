import DeliveryTypes

/// Small jobs that make libvips and its libraries load and build all that they keep: codecs, operations, fonts.
enum WarmUp {
    private static let drawing = """
        <svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="40" height="48" fill="red"/>\
        <text x="4" y="30">Aa</text></svg>
        """

    /// - Throws: what went wrong with the first codec or step that does not work.
    static func run() throws(RenderFailure) {
        let drawing = Array(drawing.utf8)
        for format in ImageFormat.allCases where format.isWritable {
            let written = try perform(.rendition(everything, .format(format)), [drawing, drawing])
            var request = InformationRequest()
            request.blurHash = PixelSize(width: 1, height: 1)
            _ = try perform(.information(request), [written])
        }
    }

    /// Every kind of step, on few pixels.
    private static var everything: Transformation {
        var all = Transformation()
        all.width = 32
        all.height = 32
        all.resizing = .fill
        all.gravity = Gravity(.smart)
        all.trim = Transformation.Trim(threshold: 10)
        all.rotation = 90
        all.blur = 1
        all.sharpen = 1
        all.pixelate = 2
        all.padding = Transformation.Padding(top: 2)
        all.watermark = Watermark(opacity: 0.5, position: .replicated(x: 4, y: 4), source: .local("warm-up"))
        all.layers = [Layer(content: .text(Layer.Text(string: "Vitrine é€", size: 12)), rotation: 10)]
        return all
    }

    private static func perform(_ task: RenderJob.Task, _ sources: [[UInt8]]) throws(RenderFailure) -> [UInt8] {
        try ImagingEngine.perform(RenderJob(task: task), sources.map { SourceBytes(copying: $0) }).bytes
    }
}
