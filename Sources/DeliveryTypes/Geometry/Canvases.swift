/// The canvases that a picture is laid on after the final cut, each around the one before.
struct Canvases {
    let `extension`: Canvas?
    let aspectRatio: Canvas?
    let padding: Canvas?
    let resultSize: PixelSize

    init(_ transformation: Transformation, sizes: StepSizes) {
        let ratio = sizes.devicePixelRatio
        var size = sizes.cropped
        self.extension = transformation.extend.flatMap { gravity in
            Self.canvas(sizes.target, around: &size, gravity: gravity, devicePixelRatio: ratio)
        }
        self.aspectRatio = transformation.extendAspectRatio.flatMap { gravity in
            guard let canvas = sizes.aspectRatioCanvas else { return nil }
            return Self.canvas(canvas, around: &size, gravity: gravity, devicePixelRatio: ratio)
        }
        let around = sizes.padding
        let padded = PixelSize(
            width: size.width + around.left + around.right,
            height: size.height + around.top + around.bottom
        )
        self.padding =
            padded == size ? nil : Canvas(size: padded, position: PixelPoint(x: around.left, y: around.top))
        self.resultSize = padded
    }

    /// - Returns: `nil` when `wanted` is not larger than `size` on any axis.
    private static func canvas(
        _ wanted: PixelSize,
        around size: inout PixelSize,
        gravity: Gravity,
        devicePixelRatio: Double
    ) -> Canvas? {
        let outer = PixelSize(width: max(wanted.width, size.width), height: max(wanted.height, size.height))
        guard outer != size else { return nil }
        let position = Placement.position(of: size, in: outer, gravity: gravity, devicePixelRatio: devicePixelRatio)
        size = outer
        return Canvas(size: outer, position: position)
    }
}
