import CVips
import DeliveryTypes

extension Raster {
    func extracted(_ rectangle: PixelRectangle) throws(RenderFailure) -> Raster {
        let (origin, size) = (rectangle.origin, rectangle.size)
        // SAFETY: plain numbers beside the pointers of `applying`.
        return try unsafe applying {
            unsafe vt_extract(
                $0,
                Int32(clamping: origin.x),
                Int32(clamping: origin.y),
                Int32(clamping: size.width),
                Int32(clamping: size.height),
                $1,
                $2
            )
        }
    }

    /// A size before it was rounded to whole pixels.
    struct ExactSize {
        var width: Double
        var height: Double
    }

    /// Scaled with Lanczos 3 to exactly this size; `truly` is the raster's own, where its decoder rounded it.
    func resized(to size: PixelSize, truly: ExactSize? = nil) throws(RenderFailure) -> Raster {
        let own = self.size
        let truly = truly ?? ExactSize(width: Double(own.width), height: Double(own.height))
        // SAFETY: plain numbers beside the pointers of `applying`.
        return try unsafe applying {
            unsafe vt_resize(
                $0,
                Int32(clamping: size.width),
                Int32(clamping: size.height),
                truly.width,
                truly.height,
                $1,
                $2
            )
        }
    }

    /// Rotated and mirrored; takes pixels out of order, so that a lazy raster is read into memory first.
    func turned(_ turn: Turn) throws(RenderFailure) -> Raster {
        if turn.quarterTurns == 0 {
            // SAFETY: no pointers but those of `applying`.
            return try unsafe applying { unsafe vt_flip($0, 0, $1, $2) }
        }
        let still = try materialized()
        // SAFETY: as above.
        let rotated = try unsafe still.applying { unsafe vt_turn($0, Int32(turn.quarterTurns), $1, $2) }
        guard turn.isMirrored else { return rotated }
        // SAFETY: as above.
        return try unsafe rotated.applying { unsafe vt_flip($0, 0, $1, $2) }
    }

    /// Rotated clockwise by any angle; the corners are transparent.
    func rotated(degrees: Double) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying { unsafe vt_rotate($0, degrees, $1, $2) }
    }

    /// As much as `size` of what draws the eye; reads the pixels into memory.
    func smartlyCropped(to size: PixelSize) throws(RenderFailure) -> Raster {
        let still = try materialized()
        // SAFETY: plain numbers beside the pointers of `applying`.
        return try unsafe still.applying {
            unsafe vt_smart_crop($0, Int32(clamping: size.width), Int32(clamping: size.height), $1, $2)
        }
    }

    /// What is left without a border of one colour; `nil` when nothing is.
    ///
    /// The pixels must be in memory.
    func trimBox(threshold: Double, color: Color?) throws(RenderFailure) -> PixelRectangle? {
        var box = (left: Int32(0), top: Int32(0), width: Int32(0), height: Int32(0))
        // SAFETY: the four numbers outlive the call.
        try unsafe reading { image, fault in
            let status = unsafe vt_find_trim(
                image,
                threshold,
                color?.packed ?? -1,
                &box.left,
                &box.top,
                &box.width,
                &box.height,
                fault
            )
            return (status, ())
        }
        guard box.width > 0, box.height > 0 else { return nil }
        return PixelRectangle(
            origin: PixelPoint(x: Int(box.left), y: Int(box.top)),
            size: PixelSize(width: Int(box.width), height: Int(box.height))
        )
    }

    /// Laid on a larger canvas, whose rest is transparent or, with a colour, opaque.
    func laid(on canvas: Canvas, color: Color?) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying {
            unsafe vt_embed(
                $0,
                Int32(clamping: canvas.position.x),
                Int32(clamping: canvas.position.y),
                Int32(clamping: canvas.size.width),
                Int32(clamping: canvas.size.height),
                color?.packed ?? -1,
                $1,
                $2
            )
        }
    }

    /// Covers a canvas of `size` with copies; the raster must have an alpha channel and be in memory.
    func tiled(_ tiling: Overlay.Tiling, over size: PixelSize) throws(RenderFailure) -> Raster {
        precondition((1...3).contains(tiling.copies.count), "a cell has one copy, or three when rows are staggered")
        var plan = vt_tiling()
        plan.cell_width = Int32(clamping: tiling.cell.width)
        plan.cell_height = Int32(clamping: tiling.cell.height)
        plan.copies = Int32(tiling.copies.count)
        let first = tiling.copies[0]
        let second = tiling.copies.dropFirst().first ?? first
        let third = tiling.copies.dropFirst(2).first ?? first
        plan.copy_x = (Int32(clamping: first.x), Int32(clamping: second.x), Int32(clamping: third.x))
        plan.copy_y = (Int32(clamping: first.y), Int32(clamping: second.y), Int32(clamping: third.y))
        plan.columns = Int32(clamping: tiling.columns)
        plan.rows = Int32(clamping: tiling.rows)
        plan.left = Int32(clamping: tiling.origin.x)
        plan.top = Int32(clamping: tiling.origin.y)
        plan.width = Int32(clamping: size.width)
        plan.height = Int32(clamping: size.height)
        // SAFETY: the shim reads the plan during the call only.
        return try unsafe applying { unsafe vt_tile($0, &plan, $1, $2) }
    }
}

extension Color {
    /// 0xRRGGBB.
    var packed: Int32 { Int32(red) << 16 | Int32(green) << 8 | Int32(blue) }
}
