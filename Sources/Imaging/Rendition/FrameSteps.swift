import DeliveryTypes

/// The steps that every frame of a rendition goes through, from what was loaded to what overlays are drawn on.
struct FrameSteps {
    let transformation: Transformation
    let plan: RenderPlan
    let ground: Ground
    /// Leaves pixels in the space of their profile.
    let keepsProfile: Bool

    /// The true size is the loaded frame's before its decoder rounded it.
    func applied(
        to loaded: consuming Raster,
        trueSize: Raster.ExactSize? = nil
    ) throws(RenderFailure) -> Raster {
        var picture = loaded
        if let region = plan.crop(afterLoading: picture.size) {
            picture = try cut(picture, region)
            picture = try scaledInSRGB(picture, trueSize: nil)
        } else {
            picture = try scaledInSRGB(picture, trueSize: trueSize)
        }
        if plan.turn != .none { picture = try picture.turned(plan.turn) }
        if let region = plan.resultCrop { picture = try cut(picture, region) }
        picture = try filtered(picture)
        return try grounded(picture)
    }

    private func cut(_ picture: borrowing Raster, _ region: RenderPlan.Region) throws(RenderFailure) -> Raster {
        switch region {
        case .rectangle(let rectangle): try picture.extracted(rectangle)
        case .smart(let size): try picture.smartlyCropped(to: size)
        }
    }

    /// Converts colours where there are fewer pixels: after shrinking, before enlarging.
    private func scaledInSRGB(
        _ picture: consuming Raster,
        trueSize: Raster.ExactSize?
    ) throws(RenderFailure) -> Raster {
        let own = picture.size
        let wanted = plan.turn.applied(to: plan.scaledSize)
        guard wanted != own else { return try picture.inSRGB(keepingProfile: keepsProfile) }
        if wanted.area > own.area {
            let converted = try picture.inSRGB(keepingProfile: keepsProfile)
            return try converted.resized(to: wanted)
        }
        let scaled = try picture.resized(to: wanted, truly: trueSize)
        return try scaled.inSRGB(keepingProfile: keepsProfile)
    }

    private func filtered(_ picture: consuming Raster) throws(RenderFailure) -> Raster {
        let t = transformation
        guard t.blur > 0 || t.sharpen > 0 || t.pixelate > 1 else { return picture }
        return try picture.filtered(blur: t.blur, sharpen: t.sharpen, pixelate: t.pixelate)
    }

    /// Lays the picture on its canvases and paints the ground.
    private func grounded(_ picture: consuming Raster) throws(RenderFailure) -> Raster {
        var picture = picture
        let canvases = [plan.extension, plan.aspectRatioExtension, plan.padding].compactMap(\.self)
        if !canvases.isEmpty || picture.hasAlpha, !ground.isGrey { picture = try picture.inColor() }
        for canvas in canvases { picture = try picture.laid(on: canvas, color: ground.canvasColor) }
        guard picture.hasAlpha, let color = ground.color else { return picture }
        if ground.opacity < 1 {
            picture = try picture.inColor()
            picture = try picture.underpainted(with: color, opacity: ground.opacity)
            guard ground.isOpaque else { return picture }
            return try picture.flattened(over: Color(red: 255, green: 255, blue: 255))
        }
        return try picture.flattened(over: color)
    }
}
