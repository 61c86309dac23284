package import DeliveryTypes

/// How alike a picture and its rendition look: structural similarity (SSIM).
///
/// The index of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
/// similarity" (IEEE Transactions on Image Processing 13, 2004), with their constants K₁ = 0.01, K₂ = 0.03, on
/// windows of 8 × 8 pixels of luma (ITU-R BT.601) that begin every 4 pixels:
///
///     SSIM(x, y) = (2·μx·μy + C₁)(2·σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂))
///
/// The measure is the mean over all windows, and DSSIM = (1 − SSIM) / 2, so 0 is identical and 1 is opposite.
/// Pictures with alpha are compared over black and over white, and the worse counts. The sums are whole numbers, so
/// the result is the same on every machine. A megapixel takes about 10 ms. The reference's luma is kept, for searches
/// that compare many candidates with it.
package struct Similarity: Sendable {
    private let reference: Bitmap
    private let overBlack: LumaPlane
    private let overWhite: LumaPlane?

    package init(reference: Bitmap) {
        self.reference = reference
        overBlack = LumaPlane(reference, background: 0)
        overWhite = reference.hasAlpha ? LumaPlane(reference, background: 255) : nil
    }

    /// Structural similarity, at most 1 (identical).
    ///
    /// - Throws: `unsuitableTransformation` when the sizes differ.
    package func ssim(to other: Bitmap) throws(RenderFailure) -> Double {
        guard other.size == reference.size else {
            throw RenderFailure(.unsuitableTransformation, "Only pictures of one size can be compared.")
        }
        let black = overBlack.ssim(to: LumaPlane(other, background: 0))
        guard reference.hasAlpha || other.hasAlpha else { return black }
        let white = overWhite ?? overBlack
        return min(black, white.ssim(to: LumaPlane(other, background: 255)))
    }

    /// Structural dissimilarity, 0 (identical) … 1.
    ///
    /// - Throws: `unsuitableTransformation` when the sizes differ.
    package func dssim(to other: Bitmap) throws(RenderFailure) -> Double {
        (1 - (try ssim(to: other))) / 2
    }
}

/// The lightness of a picture, padded by repeating its last column and row to whole blocks of 4 and to a window of 8.
private struct LumaPlane {
    private static let block = 4
    private let columns: Int
    private let rows: Int
    private let values: [UInt8]

    init(_ bitmap: Bitmap, background: Int) {
        let (width, height) = (bitmap.size.width, bitmap.size.height)
        columns = max(2, (width + 3) / Self.block)
        rows = max(2, (height + 3) / Self.block)
        let stride = columns * Self.block
        var values = [UInt8](repeating: 0, count: stride * rows * Self.block)
        var output = values.mutableSpan
        let pixels = bitmap.pixels.span
        let channels = bitmap.channels
        for y in 0..<rows * Self.block {
            let source = pixels.extracting(
                min(y, height - 1) * width * channels..<(min(y, height - 1) + 1) * width * channels
            )
            let base = y * stride
            for x in 0..<width {
                let offset = x * channels
                let red = Int(source[offset])
                let green = Int(source[offset + 1])
                let blue = Int(source[offset + 2])
                var luma = (77 * red + 150 * green + 29 * blue + 128) >> 8
                if channels == 4 {
                    let alpha = Int(source[offset + 3])
                    luma = (luma * alpha + background * (255 - alpha) + 127) / 255
                }
                output[base + x] = UInt8(truncatingIfNeeded: luma)
            }
            for x in width..<stride { output[base + x] = output[base + width - 1] }
        }
        self.values = values
    }

    /// Sums over a block of both pictures' values, their squares and their products.
    private struct Sums {
        var x: Int32 = 0
        var y: Int32 = 0
        var squares: Int32 = 0
        var products: Int32 = 0

        static func + (left: Sums, right: Sums) -> Sums {
            Sums(
                x: left.x &+ right.x,
                y: left.y &+ right.y,
                squares: left.squares &+ right.squares,
                products: left.products &+ right.products
            )
        }

        /// The index of a window of 64 pixels.
        var index: Double {
            let c1 = 0.01 * 255 * 0.01 * 255
            let c2 = 0.03 * 255 * 0.03 * 255
            let x = Double(x)
            let y = Double(y)
            let means = x * x + y * y
            let variances = 64 * Double(squares) - means
            let covariance = 64 * Double(products) - x * y
            // Both fractions are widened by 64², so that everything but the constants is whole.
            return (2 * x * y + c1 * 4_096) * (2 * covariance + c2 * 4_096)
                / ((means + c1 * 4_096) * (variances + c2 * 4_096))
        }
    }

    func ssim(to other: LumaPlane) -> Double {
        var above = blockSums(row: 0, other)
        var total = 0.0
        for row in 1..<rows {
            let below = blockSums(row: row, other)
            var left = above[0] + below[0]
            for column in 1..<columns {
                let right = above[column] + below[column]
                total += (left + right).index
                left = right
            }
            above = below
        }
        return total / Double((rows - 1) * (columns - 1))
    }

    private func blockSums(row: Int, _ other: LumaPlane) -> [Sums] {
        var sums = [Sums](repeating: Sums(), count: columns)
        let stride = columns * Self.block
        for line in 0..<Self.block {
            let start = (row * Self.block + line) * stride
            let mine = values.span.extracting(start..<start + stride)
            let theirs = other.values.span.extracting(start..<start + stride)
            for column in 0..<columns {
                var sum = sums[column]
                for index in column * Self.block..<(column + 1) * Self.block {
                    let x = Int32(mine[index])
                    let y = Int32(theirs[index])
                    sum.x &+= x
                    sum.y &+= y
                    sum.squares &+= x &* x &+ y &* y
                    sum.products &+= x &* y
                }
                sums[column] = sum
            }
        }
        return sums
    }
}
