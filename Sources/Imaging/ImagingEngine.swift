import CVips
package import DeliveryTypes

/// Makes renditions of untrusted pictures with libvips, inside a render worker.
///
/// Promises: every job ends with bytes or with a `RenderFailure` that says whose fault it is; limits are checked on the
/// header, before pixels are decoded; only the loaders of JPEG, PNG, WebP, HEIF, JPEG XL, GIF, TIFF and SVG can be
/// reached (BMP is read in Swift); nothing of a job stays in memory after it. One job at a time and one thread a
/// process. Costs: what libvips needs (a 12-megapixel JPEG to 640 pixels: about 40 ms). May fail: for damaged,
/// unsupported or too large sources and unsuitable wishes, with the codes of `RenderFailure`; a crash inside a decoder
/// ends the process, which is why this runs in workers only.
package enum ImagingEngine {
    /// Below this size pixels are computed before they are written, so that both can be timed and repeated.
    private static let bufferedPixelsMax = 4_000_000

    /// Starts libvips and does a few small jobs, so that a sandbox may take the file system away afterwards.
    ///
    /// What is read from disk at first use is read here: codec modules, fontconfig's configuration, the default font.
    /// Other fonts are opened when a text or an SVG first asks for them: where those are wanted, /usr/share/fonts (and
    /// fontconfig's folders) must stay readable.
    ///
    /// - Parameter usesVectors: lets libvips 8.14 compile vector code with liborc (docs/decisions/0006-vector-code.md).
    /// - Throws: `workerFault` when libvips cannot start or a codec is missing.
    package static func start(usesVectors: Bool = true) throws(RenderFailure) {
        var fault = vt_fault()
        // SAFETY: the fault outlives the call.
        guard unsafe vt_start(usesVectors ? 1 : 0, &fault) == 0 else {
            throw RenderFailure(fault, readingSource: false)
        }
        do throws(RenderFailure) {
            try WarmUp.run()
        } catch {
            throw RenderFailure(.workerFault, "libvips lacks something that is needed: \(error.message)")
        }
        vt_trim_heap()
    }

    /// The libvips in use, for example "8.14.1".
    package static var libraryVersion: String {
        let version = vt_version()
        return "\(version / 10_000).\(version / 100 % 100).\(version % 100)"
    }

    /// Carries out one job.
    ///
    /// - Parameters:
    ///   - job: what to make, within which limits.
    ///   - sources: the picture first, then one for each of the transformation's `layerSources`; the memory must stay
    ///     in place until the call returns.
    /// - Returns: the rendition, or what was found out.
    /// - Throws: whose fault it is that nothing was made.
    package static func perform(
        _ job: RenderJob,
        sources: [UnsafeRawBufferPointer]
    ) throws(RenderFailure) -> RenderResult {
        // SAFETY: by contract the memory outlives this call, and no raster outlives it either.
        try unsafe perform(job, sources.map { unsafe SourceBytes(borrowing: $0) })
    }

    static func perform(_ job: RenderJob, _ sources: [SourceBytes]) throws(RenderFailure) -> RenderResult {
        defer { vt_end_job() }
        guard let first = sources.first else { throw RenderFailure(.workerFault, "The job came without a picture.") }
        switch job.task {
        case .inspect:
            let picture = try SourcePicture(first, limits: job.limits)
            return RenderResult(head: RenderResult.Head(source: picture.facts))
        case .information(let request):
            return try InformationReader(limits: job.limits).information(request, of: first)
        case .rendition(let transformation, let target):
            return try rendition(transformation, target, job, sources)
        case .similarity: return try similarity(job, sources)
        }
    }

    private static func similarity(_ job: RenderJob, _ sources: [SourceBytes]) throws(RenderFailure) -> RenderResult {
        guard sources.count == 2 else { throw RenderFailure(.workerFault, "Two pictures are compared.") }
        let began = Measure.cpuMicroseconds
        let first = try SourcePicture(sources[0], limits: job.limits)
        let second = try SourcePicture(sources[1], limits: job.limits)
        // Before any pixel is decoded.
        guard first.facts.orientedSize == second.facts.orientedSize else {
            throw RenderFailure(.unsuitableTransformation, "Only pictures of one size can be compared.")
        }
        let reference = Similarity(reference: try pixels(of: first))
        var head = RenderResult.Head(source: first.facts)
        head.similarity = try reference.ssim(to: pixels(of: second))
        head.decodeMicroseconds = Measure.cpuMicroseconds - began
        return RenderResult(head: head)
    }

    /// The first frame as it is seen: upright, in sRGB.
    private static func pixels(of picture: SourcePicture) throws(RenderFailure) -> Bitmap {
        let loaded = try picture.raster(Raster.Loading()).inSRGB(keepingProfile: false)
        let turn = Turn(exifOrientation: picture.facts.orientation)
        return try (turn == .none ? loaded : loaded.turned(turn)).bitmap()
    }

    private static func rendition(
        _ transformation: Transformation,
        _ target: RenditionTarget,
        _ job: RenderJob,
        _ sources: [SourceBytes]
    ) throws(RenderFailure) -> RenderResult {
        let began = Measure.cpuMicroseconds
        let limits = job.limits.tightened(by: transformation)
        let source = try SourcePicture(sources[0], limits: limits)
        if let untouched = try untouched(source, sources[0], transformation, target) { return untouched }

        let finishing = Finishing(transformation: transformation, defaults: job.defaults)
        let maker = RenditionMaker(
            source: source,
            transformation: transformation,
            format: try FormatChoice.format(
                target,
                FormatChoice.Needs(transformation, source: source.facts, framesMax: limits.framesMax)
            ),
            limits: limits,
            keepsProfile: finishing.keepsProfile,
            shrinksOnLoad: job.defaults.shrinksOnLoad,
            layerSources: Array(sources.dropFirst())
        )
        let made = try maker.made()
        let rights = finishing.rights(of: made)
        var picture = try finishing.applied(to: made, rights, isAnimated: maker.isAnimated)
        let encoder = RenditionEncoder(
            transformation: transformation,
            format: maker.format,
            defaults: job.defaults,
            rights: rights,
            isStripped: finishing.strips
        )
        let frames = picture.frames
        if encoder.searches || picture.size.area <= bufferedPixelsMax { picture = try picture.materialized() }
        let decoded = Measure.cpuMicroseconds
        let encoded = try encoder.encoded(picture)

        var head = RenderResult.Head(source: source.facts)
        head.format = maker.format
        head.size = PixelSize(width: picture.size.width, height: picture.size.height / frames)
        head.frames = frames
        head.quality = encoded.quality
        if finishing.keepsRights { head.hasRights = !rights.isEmpty }
        head.decodeMicroseconds = decoded - began
        head.encodeMicroseconds = Measure.cpuMicroseconds - decoded
        return RenderResult(head: head, bytes: encoded.bytes)
    }

    /// The source itself, where the URL wants it left alone; an SVG that stays one is sanitised.
    private static func untouched(
        _ source: SourcePicture,
        _ given: SourceBytes,
        _ transformation: Transformation,
        _ target: RenditionTarget
    ) throws(RenderFailure) -> RenderResult? {
        let format = source.facts.format
        let isWanted =
            switch target {
            case .format(let wanted): wanted == format && (format == .svg || isSkipped(format, transformation))
            case .negotiated: isSkipped(format, transformation)
            }
        guard transformation.raw || isWanted else { return nil }
        var head = RenderResult.Head(source: source.facts)
        head.format = format
        head.size = source.facts.orientedSize
        head.frames = source.facts.frames
        let bytes = transformation.raw ? given : source.bytes
        // SAFETY: the bytes are copied.
        return RenderResult(head: head, bytes: unsafe bytes.withBytes { unsafe Array($0) })
    }

    private static func isSkipped(_ format: ImageFormat, _ transformation: Transformation) -> Bool {
        transformation.skipProcessing.contains(format)
    }
}
