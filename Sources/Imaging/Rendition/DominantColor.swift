import DeliveryTypes

/// The colour that covers most of a picture.
///
/// Pixels are counted in 4,096 cells of similar colour, weighted by their opacity; the answer is the mean of the
/// fullest cell together with its neighbours, so that a gradient is not split at a cell's edge.
enum DominantColor {
    /// - Returns: `nil` for a picture without a visible pixel.
    static func color(of bitmap: Bitmap) -> Color? {
        var cells = [Cell](repeating: Cell(), count: 1 << 12)
        let pixels = bitmap.pixels
        for start in stride(from: 0, to: pixels.count, by: bitmap.channels) {
            let (red, green, blue) = (Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
            let weight = bitmap.hasAlpha ? Int(pixels[start + 3]) : 255
            cells[index(red >> 4, green >> 4, blue >> 4)].add(red, green, blue, weight: weight)
        }
        guard let fullest = cells.indices.max(by: { cells[$0].weight < cells[$1].weight }),
            cells[fullest].weight > 0
        else { return nil }
        let center = (fullest >> 8, fullest >> 4 & 15, fullest & 15)
        var sum = Cell()
        for red in max(0, center.0 - 1)...min(15, center.0 + 1) {
            for green in max(0, center.1 - 1)...min(15, center.1 + 1) {
                for blue in max(0, center.2 - 1)...min(15, center.2 + 1) {
                    sum.add(cells[index(red, green, blue)])
                }
            }
        }
        return sum.mean
    }

    private static func index(_ red: Int, _ green: Int, _ blue: Int) -> Int { red << 8 | green << 4 | blue }

    private struct Cell {
        var weight = 0
        var red = 0
        var green = 0
        var blue = 0

        mutating func add(_ red: Int, _ green: Int, _ blue: Int, weight: Int) {
            self.weight += weight
            self.red += red * weight
            self.green += green * weight
            self.blue += blue * weight
        }

        mutating func add(_ other: Cell) {
            weight += other.weight
            red += other.red
            green += other.green
            blue += other.blue
        }

        var mean: Color {
            Color(
                red: UInt8((red + weight / 2) / weight),
                green: UInt8((green + weight / 2) / weight),
                blue: UInt8((blue + weight / 2) / weight)
            )
        }
    }
}
