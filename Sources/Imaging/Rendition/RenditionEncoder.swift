import DeliveryTypes

/// Writes finished pixels as a file, at a quality that is given or searched for.
struct RenditionEncoder {
    let transformation: Transformation
    let format: ImageFormat
    let defaults: RenderDefaults
    /// What the file says of its author; libvips writes it for most formats.
    let rights: Rights
    /// Whether nothing else of the source's metadata is kept.
    let isStripped: Bool

    /// A written rendition.
    struct Encoded {
        var bytes: [UInt8]
        /// `nil` where the format has no quality.
        var quality: Int?
    }

    /// Lowest quality that `max_bytes` goes down to.
    static let qualityFloor = 10

    /// Whether the pixels are written more than once, so that they should be in memory.
    var searches: Bool { format.hasQuality && transformation.searchesQuality }

    func encoded(_ picture: borrowing Raster) throws(RenderFailure) -> Encoded {
        guard format.hasQuality else { return Encoded(bytes: try written(picture, quality: 100), quality: nil) }
        var encoded: Encoded
        if let search = transformation.autoQuality {
            encoded = try self.encoded(picture, searching: search)
        } else {
            let quality = transformation.quality(for: format, defaults: defaults)
            encoded = Encoded(bytes: try written(picture, quality: quality), quality: quality)
        }
        let bound = transformation.maximumBytes
        if bound > 0, encoded.bytes.count > bound, let quality = encoded.quality, quality > Self.qualityFloor {
            encoded = try smallEnough(picture, bytes: bound, in: Self.qualityFloor...(quality - 1))
        }
        return encoded
    }

    private func written(_ picture: borrowing Raster, quality: Int) throws(RenderFailure) -> [UInt8] {
        var encoding = Raster.Encoding(format: format)
        encoding.quality = quality
        encoding.progressive = defaults.progressiveJPEG
        switch format {
        case .avif: encoding.effort = defaults.avifEffort
        case .jxl: encoding.effort = defaults.jxlEffort
        case .webp: encoding.effort = defaults.webpEffort
        default: break
        }
        let bytes = try picture.encoded(encoding)
        switch format {
        case .jxl: return JXLContainer.wrapped(bytes, rights)
        case .webp where isStripped && rights.exif == nil: return WebPContainer.withoutEXIF(bytes)
        default: return bytes
        }
    }

    // MARK: Search

    private func encoded(
        _ picture: borrowing Raster,
        searching search: Transformation.AutoQuality
    ) throws(RenderFailure) -> Encoded {
        let low = min(max(search.minimumQuality, 1), 100)
        let range = low...max(low, min(search.maximumQuality, 100))
        switch search.method {
        case .size:
            let bytes = search.target.isFinite ? Int(min(max(search.target, 0), 1e12)) : 0
            return try smallEnough(picture, bytes: bytes, in: range)
        case .dssim: return try similarEnough(picture, search, in: range)
        }
    }

    /// The highest quality whose file has at most `bytes` bytes; the lowest of the range if none has.
    private func smallEnough(
        _ picture: borrowing Raster,
        bytes: Int,
        in range: ClosedRange<Int>
    ) throws(RenderFailure) -> Encoded {
        var best: Encoded?
        var low = range.lowerBound
        var high = range.upperBound
        while low <= high {
            let quality = best == nil && high == range.upperBound && low == range.lowerBound ? high : (low + high) / 2
            let attempt = Encoded(bytes: try written(picture, quality: quality), quality: quality)
            if attempt.bytes.count <= bytes {
                best = attempt
                low = quality + 1
            } else {
                high = quality - 1
            }
        }
        if let best { return best }
        return Encoded(bytes: try written(picture, quality: range.lowerBound), quality: range.lowerBound)
    }

    /// The lowest quality whose pixels differ from the unencoded ones by at most the target; the highest if none does.
    private func similarEnough(
        _ picture: borrowing Raster,
        _ search: Transformation.AutoQuality,
        in range: ClosedRange<Int>
    ) throws(RenderFailure) -> Encoded {
        let reference = Similarity(reference: try picture.bitmap())
        var best: Encoded?
        var low = range.lowerBound
        var high = range.upperBound
        while low <= high {
            let quality = (low + high) / 2
            let attempt = Encoded(bytes: try written(picture, quality: quality), quality: quality)
            let difference = try reference.dssim(to: read(attempt.bytes))
            if difference <= search.target {
                best = attempt
                high = quality - 1
                if search.target - difference <= search.allowedError { break }
            } else {
                low = quality + 1
            }
        }
        if let best { return best }
        return Encoded(bytes: try written(picture, quality: range.upperBound), quality: range.upperBound)
    }

    /// A written rendition's pixels, all frames of it.
    private func read(_ bytes: [UInt8]) throws(RenderFailure) -> Bitmap {
        var loading = Raster.Loading()
        loading.pages = -1
        return try Raster(SourceBytes(copying: bytes), format: format, loading).bitmap()
    }
}
