import CVips
import DeliveryTypes

extension Raster {
    /// 8 bits a channel in sRGB, or in grey for grey pictures.
    ///
    /// With `keepingProfile`, RGB and grey pictures stay in the space of their profile, which stays attached; CMYK is
    /// always converted.
    func inSRGB(keepingProfile: Bool) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying { unsafe vt_to_srgb($0, keepingProfile ? 1 : 0, $1, $2) }
    }

    /// With three colour channels, where there was one.
    func inColor() throws(RenderFailure) -> Raster {
        // SAFETY: no pointers but those of `applying`.
        try unsafe applying { unsafe vt_to_rgb($0, $1, $2) }
    }

    func withAlpha() throws(RenderFailure) -> Raster {
        // SAFETY: no pointers but those of `applying`.
        try unsafe applying { unsafe vt_add_alpha($0, $1, $2) }
    }

    /// Without alpha, over an opaque colour.
    func flattened(over color: Color) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying { unsafe vt_flatten($0, color.packed, $1, $2) }
    }

    /// With alpha, over a colour of an opacity in 0…1.
    func underpainted(with color: Color, opacity: Double) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying { unsafe vt_underpaint($0, color.packed, opacity, $1, $2) }
    }

    /// Blurred and sharpened by Gaussian sigmas in pixels and put into square cells; 0 leaves a filter out.
    func filtered(blur: Double, sharpen: Double, pixelate: Int) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying { unsafe vt_filter($0, blur, sharpen, Int32(clamping: pixelate), $1, $2) }
    }

    /// With `overlay` drawn at `position`, which may lie partly outside; `overlay` must be in memory.
    func composed(
        with overlay: borrowing Raster,
        at position: PixelPoint,
        opacity: Double
    ) throws(RenderFailure) -> Raster {
        precondition(!overlay.isLazy, "one lazy source a raster")
        // SAFETY: a reference of our own for the time of both calls.
        let above = try unsafe overlay.reading { image, _ in unsafe (0, vt_retain(image)) }
        defer {
            // SAFETY: gives back the reference taken above.
            unsafe vt_release(above)
        }
        // SAFETY: both images are alive during the call.
        return try unsafe applying {
            unsafe vt_compose($0, above, Int32(clamping: position.x), Int32(clamping: position.y), opacity, $1, $2)
        }
    }

    /// Plain text as a picture with transparent ground, as large as its ink.
    ///
    /// The font is a Pango description that ends with its size in pixels; lines wrap at a width in pixels, 0 never.
    init(text: String, font: String, wrapWidth: Int, color: Color) throws(RenderFailure) {
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: both strings live for the time of the call.
        let status = unsafe vt_text(text, font, Int32(clamping: wrapWidth), color.packed, &out, &fault)
        guard status == 0, let out = unsafe out else { throw RenderFailure(fault, readingSource: false) }
        // SAFETY: one reference was handed over.
        unsafe self.init(owning: out, reading: nil)
    }
}
