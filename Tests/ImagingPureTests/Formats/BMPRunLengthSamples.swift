import DeliveryTypes
import Imaging

/// Run-length coded BMPs, written code by code, with the palette indices that they mean.
enum BMPRunLengthSamples {
    private static func sample(
        _ name: String,
        bits: Int,
        rows: [[Int]],
        codes: [UInt8]
    ) -> BMPDecoderTests.Sample {
        let palette = (0..<16).map { (index: Int) -> [UInt8] in
            [UInt8(index * 16), UInt8(255 - index), UInt8(index), 0]
        }
        let builder = BMPBuilder(
            width: rows[0].count,
            height: rows.count,
            bits: bits,
            compression: bits == 8 ? 1 : 2,
            palette: palette,
            data: codes
        )
        let pixels = rows.joined().flatMap { palette[$0].prefix(3) }
        let size = PixelSize(width: rows[0].count, height: rows.count)
        return .init(
            testDescription: name,
            file: builder.file(),
            bitmap: Bitmap(size: size, hasAlpha: false, pixels: pixels)
        )
    }

    static let all: [BMPDecoderTests.Sample] = [
        sample(
            "8-bit runs, literals with a pad byte, ends of lines",
            bits: 8,
            rows: [[7, 8, 9, 7, 8], [5, 5, 5, 5, 5], [1, 1, 1, 2, 2]],
            codes: [3, 1, 2, 2, 0, 0, 5, 5, 0, 0, 0, 5, 7, 8, 9, 7, 8, 0, 0, 0, 0, 1]
        ),
        sample(
            "8-bit runs that skip pixels",
            bits: 8,
            rows: [[0, 0, 3, 3], [0, 0, 0, 0], [4, 0, 0, 0]],
            codes: [1, 4, 0, 2, 1, 2, 2, 3, 0, 1]
        ),
        sample(
            "8-bit runs, picture cut short by its end mark",
            bits: 8,
            rows: [[0, 0], [6, 6]],
            codes: [2, 6, 0, 1]
        ),
        sample(
            "4-bit runs take turns between two colours",
            bits: 4,
            rows: [[1, 2, 3, 4, 5], [10, 11, 10, 11, 10]],
            codes: [5, 0xAB, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 0, 1]
        ),
        sample(
            "4-bit literals of two bytes have no pad",
            bits: 4,
            rows: [[1, 2, 3, 9, 9]],
            codes: [0, 3, 0x12, 0x30, 2, 0x99, 0, 1]
        ),
        sample("4-bit run padded past an odd row", bits: 4, rows: [[7, 7, 7]], codes: [4, 0x77, 0, 0, 0, 1]),
    ]
}
