import DeliveryTypes

/// Answers what needs a glance at the pixels: a thumbnail is decoded, at most 100 pixels wide and high.
struct InformationReader {
    let limits: RenderLimits

    /// Longest side of the thumbnail that a BlurHash is computed from; more shows no difference.
    private static let blurHashSide = 64

    func information(
        _ request: InformationRequest,
        of bytes: SourceBytes
    ) throws(RenderFailure) -> RenderResult {
        let began = Measure.cpuMicroseconds
        let source = try SourcePicture(bytes, limits: limits)
        var head = RenderResult.Head(source: source.facts)
        if request.blurHash != nil || request.thumbHash || request.dominantColor {
            let thumbnail = try thumbnail(of: source, side: ThumbHash.sideMax)
            if let components = request.blurHash {
                head.blurHash = try blurHash(thumbnail, components)
            }
            if request.thumbHash {
                head.thumbHash = Base64.text(of: try ThumbHash.bytes(of: thumbnail.bitmap()))
            }
            if request.dominantColor { head.dominantColor = DominantColor.color(of: try thumbnail.bitmap()) }
        }
        head.decodeMicroseconds = Measure.cpuMicroseconds - began
        return RenderResult(head: head)
    }

    private func thumbnail(of source: SourcePicture, side: Int) throws(RenderFailure) -> Raster {
        var fitting = Transformation()
        fitting.width = side
        fitting.height = side
        let maker = RenditionMaker(
            source: source,
            transformation: fitting,
            format: .png,
            limits: limits,
            keepsProfile: false,
            layerSources: []
        )
        return try maker.made().materialized()
    }

    private func blurHash(_ thumbnail: borrowing Raster, _ components: PixelSize) throws(RenderFailure) -> String {
        let own = thumbnail.size
        let longest = max(own.width, own.height)
        let scale = min(1, Double(Self.blurHashSide) / Double(longest))
        let size = PixelSize(
            width: max(1, Pixels.rounded(Double(own.width) * scale)),
            height: max(1, Pixels.rounded(Double(own.height) * scale))
        )
        let small = try thumbnail.resized(to: size)
        let opaque = try small.flattened(over: Color(red: 255, green: 255, blue: 255))
        return try BlurHash.text(of: opaque.bitmap(), components: components)
    }
}
