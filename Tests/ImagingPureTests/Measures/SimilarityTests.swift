import DeliveryTypes
import Imaging
import Testing

@Suite("Similarity")
struct SimilarityTests {
    @Test("the index agrees with the formula written down elsewhere", arguments: HashVectors.similarities)
    func vectors(vector: HashVectors.Likeness) throws {
        let one = vector.one.bitmap(vector.width, vector.height)
        let two = vector.two.bitmap(vector.width, vector.height)
        #expect(abs(try Similarity(reference: one).ssim(to: two) - vector.ssim) < 1e-9)
        #expect(abs(try Similarity(reference: two).ssim(to: one) - vector.ssim) < 1e-9, "either way round")
        #expect(abs(try Similarity(reference: one).dssim(to: two) - (1 - vector.ssim) / 2) < 1e-9)
    }

    @Test("a picture is identical to itself at every size")
    func identity() throws {
        for (width, height) in [(1, 1), (3, 200), (7, 7), (8, 8), (9, 33), (64, 5)] {
            for pattern in [TestPattern.scatter, .disc] {
                let bitmap = pattern.bitmap(width, height)
                #expect(try Similarity(reference: bitmap).dssim(to: bitmap) == 0)
            }
        }
    }

    @Test("two plain surfaces differ by their lightness alone")
    func plain() throws {
        func grey(_ value: UInt8) -> Bitmap {
            let size = PixelSize(width: 20, height: 20)
            return Bitmap(size: size, hasAlpha: false, pixels: [UInt8](repeating: value, count: 1_200))
        }
        let c1 = 6.5025
        let expected = (2 * 100 * 150 + c1) / (100 * 100 + 150 * 150 + c1)
        #expect(abs(try Similarity(reference: grey(100)).ssim(to: grey(150)) - expected) < 1e-12)
        #expect(try Similarity(reference: grey(0)).dssim(to: grey(255)) > 0.49)
    }

    @Test("the more noise, the less alike")
    func noise() throws {
        let reference = TestPattern.gradient.bitmap(128, 96)
        let similarity = Similarity(reference: reference)
        var last = 0.0
        for strength in [2, 8, 32, 128] {
            var random = SeededGenerator(seed: 7)
            let pixels = reference.pixels.map { value in
                UInt8(min(max(Int(value) + Int.random(in: -strength...strength, using: &random), 0), 255))
            }
            let noisy = Bitmap(size: reference.size, hasAlpha: false, pixels: pixels)
            let dissimilarity = try similarity.dssim(to: noisy)
            #expect(dissimilarity > last && dissimilarity <= 1)
            last = dissimilarity
        }
    }

    @Test("a difference in alpha counts, even where the colour over black is the same")
    func alpha() throws {
        let size = PixelSize(width: 16, height: 16)
        let opaque = Bitmap(size: size, hasAlpha: false, pixels: [UInt8](repeating: 0, count: 768))
        let clear = Bitmap(size: size, hasAlpha: true, pixels: [UInt8](repeating: 0, count: 1_024))
        #expect(try Similarity(reference: opaque).dssim(to: clear) > 0.4)
        #expect(try Similarity(reference: clear).dssim(to: opaque) > 0.4)
        let solid = Bitmap(size: size, hasAlpha: true, pixels: (0..<1_024).map { $0 % 4 == 3 ? 255 : 0 })
        #expect(try Similarity(reference: opaque).dssim(to: solid) == 0)
    }

    @Test("pictures of different sizes are not compared")
    func sizes() {
        let similarity = Similarity(reference: TestPattern.flat.bitmap(10, 20))
        #expect(throws: RenderFailure.self) { try similarity.ssim(to: TestPattern.flat.bitmap(20, 10)) }
    }
}
