import Testing

@testable import DeliveryTypes

@Suite("The fidelity of renditions")
struct FidelityTests {
    @Test("more quality is never less fidelity", arguments: [ImageFormat.jpeg, .webp, .avif, .jxl])
    func rises(_ format: ImageFormat) throws {
        let grades = try (1...100).map { try #require(Fidelity(format, quality: $0)).grade }
        #expect(grades == grades.sorted())
        #expect(grades.first == 1 && grades.last == 100)
    }

    @Test("palettes and unwritten formats have none", arguments: [ImageFormat.gif, .heic, .tiff, .bmp, .svg])
    func leavesOut(_ format: ImageFormat) {
        #expect(Fidelity(format, quality: 90) == nil)
    }

    @Test("an unknown quality is no fidelity, but PNG needs none")
    func needsQuality() {
        #expect(Fidelity(.webp, quality: nil) == nil)
        #expect(Fidelity(.png, quality: nil)?.grade == Fidelity.lossless)
    }

    @Test("the usual qualities of JPEG, WebP and AVIF suffice for each other")
    func suitsDefaults() throws {
        let defaults = RenderDefaults()
        func usual(_ format: ImageFormat) throws -> Fidelity {
            try #require(Fidelity(format, quality: Transformation().quality(for: format, defaults: defaults)))
        }
        for parent in [ImageFormat.jpeg, .webp, .avif, .png] {
            for child in [ImageFormat.jpeg, .webp, .avif] {
                #expect(try usual(parent).suffices(for: usual(child), ratio: 1.5), "\(parent) to \(child)")
            }
        }
        let lossless = try usual(.jpeg).suffices(for: usual(.png), ratio: 9)
        #expect(!lossless)
    }

    @Test("a parent that is much larger may be coarser")
    func relaxes() throws {
        let coarse = try #require(Fidelity(.jpeg, quality: 55))
        let fine = try #require(Fidelity(.jpeg, quality: 75))
        #expect(!coarse.suffices(for: fine, ratio: 1.9))
        #expect(coarse.suffices(for: fine, ratio: 2))
    }
}
