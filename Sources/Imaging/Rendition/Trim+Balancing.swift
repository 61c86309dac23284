import DeliveryTypes

extension Transformation.Trim {
    /// `box`, widened where the same is to be cut from both sides.
    ///
    /// - Parameters:
    ///   - box: what is left without a border.
    ///   - whole: the picture that the box lies in.
    /// - Returns: a box inside `whole`.
    func balanced(_ box: PixelRectangle, in whole: PixelSize) -> PixelRectangle {
        var box = box
        if equalHorizontal {
            let margin = min(box.origin.x, whole.width - box.origin.x - box.size.width)
            box.origin.x = margin
            box.size.width = whole.width - 2 * margin
        }
        if equalVertical {
            let margin = min(box.origin.y, whole.height - box.origin.y - box.size.height)
            box.origin.y = margin
            box.size.height = whole.height - 2 * margin
        }
        return box
    }
}
