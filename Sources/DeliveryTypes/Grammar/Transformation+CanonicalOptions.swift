extension Transformation {
    /// The options as one text that is the same for equal transformations.
    ///
    /// Short names, a fixed order, defaults left out, presets resolved; reading it without presets gives the same
    /// transformation again.
    package var canonicalOptions: String { (renditionOptions + deliveryOptions).joined(separator: "/") }

    /// Like `canonicalOptions`, without what changes only how a rendition is sent (`exp`, `fn`, `att`).
    package var renditionKeyText: String { renditionOptions.joined(separator: "/") }

    private var renditionOptions: [String] {
        sizeOptions + regionOptions + lookOptions + layerOptions + metadataOptions + encodingOptions + limitOptions
    }

    private var sizeOptions: [String] {
        var options: [String] = []
        if resizing != .fit { options.append("rt:" + resizing.rawValue) }
        if width != 0 { options.append("w:\(width)") }
        if height != 0 { options.append("h:\(height)") }
        if minimumWidth != 0 { options.append("mw:\(minimumWidth)") }
        if minimumHeight != 0 { options.append("mh:\(minimumHeight)") }
        if zoomX != 1 || zoomY != 1 {
            let y = zoomX == zoomY ? "" : OptionText.number(zoomY)
            options.append(OptionText.option("z", [OptionText.number(zoomX), y]))
        }
        if devicePixelRatio != 1 { options.append("dpr:" + OptionText.number(devicePixelRatio)) }
        if enlarge { options.append("el:1") }
        if let extend { options.append(OptionText.option("ex", ["1"] + OptionText.gravityOmittingCenter(extend))) }
        if let extendAspectRatio {
            options.append(OptionText.option("exar", ["1"] + OptionText.gravityOmittingCenter(extendAspectRatio)))
        }
        return options
    }

    private var regionOptions: [String] {
        var options: [String] = []
        if gravity != Gravity() { options.append(OptionText.option("g", OptionText.gravity(gravity))) }
        if let crop {
            let sides = [OptionText.number(crop.width), OptionText.number(crop.height, omitting: 0)]
            options.append(OptionText.option("c", sides + (crop.gravity.map(OptionText.gravity) ?? [])))
        }
        if let trim {
            let arguments = [
                OptionText.number(trim.threshold), trim.color?.hex ?? "",
                trim.equalHorizontal ? "1" : "", trim.equalVertical ? "1" : "",
            ]
            options.append(OptionText.option("t", arguments))
        }
        if padding != Padding() {
            let sides = [padding.top, padding.right, padding.bottom, padding.left]
            options.append(OptionText.option("pd", sides.map(String.init)))
        }
        if !autoRotate { options.append("ar:0") }
        if rotation != 0 { options.append("rot:\(rotation)") }
        if flipHorizontal || flipVertical {
            options.append(OptionText.option("fl", [OptionText.flag(flipHorizontal), flipVertical ? "1" : ""]))
        }
        return options
    }

    private var lookOptions: [String] {
        var options: [String] = []
        if let background { options.append("bg:" + background.hex) }
        if backgroundAlpha != 1 { options.append("bga:" + OptionText.number(backgroundAlpha)) }
        if blur != 0 { options.append("bl:" + OptionText.number(blur)) }
        if sharpen != 0 { options.append("sh:" + OptionText.number(sharpen)) }
        if pixelate != 0 { options.append("pix:\(pixelate)") }
        return options
    }

    private var layerOptions: [String] {
        var options: [String] = []
        if let watermark {
            options.append(watermark.optionText)
            if let source = watermark.source { options.append("wmu:" + OptionText.source(source)) }
        }
        return options + layers.map(\.optionText)
    }

    private var metadataOptions: [String] {
        var options: [String] = []
        if let stripMetadata { options.append("sm:" + OptionText.flag(stripMetadata)) }
        if let keepCopyright { options.append("kcr:" + OptionText.flag(keepCopyright)) }
        if let stripColorProfile { options.append("scp:" + OptionText.flag(stripColorProfile)) }
        if enforceThumbnail { options.append("eth:1") }
        return options
    }

    private var encodingOptions: [String] {
        var options: [String] = []
        if quality != 0 { options.append("q:\(quality)") }
        if !formatQuality.isEmpty {
            let sorted = formatQuality.sorted { $0.key.rawValue < $1.key.rawValue }
            options.append(OptionText.option("fq", sorted.flatMap { [$0.key.rawValue, String($0.value)] }))
        }
        if let autoQuality { options.append(autoQuality.optionText) }
        if maximumBytes != 0 { options.append("mb:\(maximumBytes)") }
        if let format { options.append("f:" + format.rawValue) }
        if page != 0 { options.append("pg:\(page)") }
        if pageCount != 0 { options.append("pgs:\(pageCount)") }
        if disableAnimation { options.append("da:1") }
        if !skipProcessing.isEmpty {
            options.append(OptionText.option("skp", skipProcessing.map(\.rawValue).sorted()))
        }
        if raw { options.append("raw:1") }
        if let cacheBuster { options.append("cb:" + cacheBuster) }
        return options
    }

    private var limitOptions: [String] {
        var options: [String] = []
        if let maximumSourceResolution { options.append("msr:" + OptionText.number(maximumSourceResolution)) }
        if let maximumSourceBytes { options.append("msfs:\(maximumSourceBytes)") }
        if let maximumAnimationFrames { options.append("maf:\(maximumAnimationFrames)") }
        if let maximumAnimationFrameResolution {
            options.append("mafr:" + OptionText.number(maximumAnimationFrameResolution))
        }
        if let maximumResultDimension { options.append("mrd:\(maximumResultDimension)") }
        return options
    }

    private var deliveryOptions: [String] {
        var options: [String] = []
        if let expires { options.append("exp:\(expires)") }
        if let filename { options.append("fn:" + Base64URL.encode(filename.utf8) + ":1") }
        if returnAttachment { options.append("att:1") }
        return options
    }
}

extension InformationRequest {
    /// The options as one text that is the same for equal requests.
    package var canonicalOptions: String {
        var options: [String] = []
        if let blurHash { options.append("bh:\(blurHash.width):\(blurHash.height)") }
        if thumbHash { options.append("th:1") }
        if dominantColor { options.append("dc:1") }
        return options.joined(separator: "/")
    }
}

extension Transformation.AutoQuality {
    fileprivate var optionText: String {
        let silent = Self(method: method, target: target)
        return OptionText.option(
            "aq",
            [
                method.rawValue, OptionText.number(target),
                OptionText.integer(minimumQuality, omitting: silent.minimumQuality),
                OptionText.integer(maximumQuality, omitting: silent.maximumQuality),
                OptionText.number(allowedError, omitting: silent.allowedError),
            ]
        )
    }
}

extension Watermark {
    fileprivate var optionText: String {
        let place: [String]
        switch position {
        case .anchored(let gravity): place = OptionText.gravityOmittingCenter(gravity)
        case .replicated(let x, let y):
            place = ["re", OptionText.number(x, omitting: 0), OptionText.number(y, omitting: 0)]
        case .chessboard(let x, let y):
            place = ["ch", OptionText.number(x, omitting: 0), OptionText.number(y, omitting: 0)]
        }
        return OptionText.option("wm", [OptionText.number(opacity)] + place + [OptionText.number(scale, omitting: 0)])
    }
}

extension Layer {
    fileprivate var optionText: String {
        let place = OptionText.gravityOmittingCenter(gravity)
        let turn = OptionText.number(rotation, omitting: 0)
        let alpha = OptionText.number(opacity, omitting: 1)
        switch content {
        case .picture(let source):
            let arguments = [OptionText.source(source), alpha] + place + [OptionText.number(scale, omitting: 0), turn]
            return OptionText.option("ly", arguments)
        case .text(let text):
            let silent = Text(string: text.string)
            let font = text.font.map { PercentEncoding.encode($0, keeping: PercentEncoding.isUnreserved) } ?? ""
            let style = [
                Base64URL.encode(text.string.utf8), OptionText.number(text.size, omitting: silent.size),
                text.color == silent.color ? "" : text.color.hex,
            ]
            let wrap = OptionText.integer(text.wrapWidth, omitting: silent.wrapWidth)
            return OptionText.option("txt", style + place + [alpha, font, wrap, turn])
        }
    }
}
