import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct FormatMatrixTests {
        /// A source of the matrix; all show the same four quadrants.
        enum Source: String, CaseIterable, CustomTestStringConvertible {
            case jpeg, png, webp, avif, jxl, gif, heic, tiff, bmp, svg
            case pngAlpha, webpAlpha, deepPNG, deepDisplayP3, displayP3, bareCMYK

            var testDescription: String { rawValue }

            var bytes: [UInt8] {
                get throws {
                    switch self {
                    case .pngAlpha: try Samples.still(.png, alpha: true)
                    case .webpAlpha: try Samples.still(.webp, alpha: true)
                    case .deepPNG: try Samples.fixture("deep.png")
                    case .deepDisplayP3: try Samples.fixture("deep-p3.png")
                    case .displayP3: try Samples.fixture("display-p3.jpg")
                    case .bareCMYK: try Samples.fixture("cmyk-bare.jpg")
                    default: try Samples.still(ImageFormat(rawValue: rawValue) ?? .png)
                    }
                }
            }

            var hasTransparency: Bool { self == .pngAlpha || self == .webpAlpha }
            /// The quadrants' colours; as inks print them, for CMYK (libvips's own profile, by `vips icc_transform`).
            var colors: [Color] {
                guard self == .bareCMYK else { return Samples.quadrants }
                return [
                    Color(red: 201, green: 59, blue: 47), Color(red: 66, green: 166, blue: 78),
                    Color(red: 53, green: 88, blue: 156), Color(red: 227, green: 199, blue: 60),
                ]
            }
        }

        static let targets = ImageFormat.allCases.filter(\.isWritable)

        @Test("every source becomes every target, in size and colour", arguments: Source.allCases, targets)
        func crosses(_ source: Source, _ target: ImageFormat) throws {
            let result = try render(source.bytes, as: .format(target)) { $0.width = 48 }
            let read = try ReadPicture(result.bytes)
            #expect(result.head.format == target)
            #expect(result.head.size == PixelSize(width: 48, height: 32))
            #expect(read.facts.format == target)
            #expect(read.size == PixelSize(width: 48, height: 32))
            let colors = source.hasTransparency ? Array(source.colors.prefix(3)) : source.colors
            #expect(distance(read.quadrants, colors) <= 14)
            if source.hasTransparency {
                let corner = read.quadrants[3]
                if target.keepsAlpha {
                    #expect(corner[3] <= 4)
                } else {
                    #expect(distance(corner, Color(red: 255, green: 255, blue: 255)) <= 4)
                }
            } else {
                #expect(read.quadrants.allSatisfy { $0[3] == 255 })
            }
        }

        @Test("a profile's own inks are used", arguments: targets)
        func usesCMYKProfile(_ target: ImageFormat) throws {
            let read = try ReadPicture(render(Samples.fixture("cmyk-profile.jpg"), as: .format(target)).bytes)
            let inks = [1.0 / 6, 0.5, 5.0 / 6].map { read.mean(x: $0, y: 0.5) }
            for (index, ink) in inks.enumerated() {
                #expect(ink.prefix(3).enumerated().allSatisfy { $0 == index ? $1 > 200 : $1 < 60 }, "\(inks)")
            }
        }

        @Test("a grey picture stays grey", arguments: targets)
        func staysGrey(_ target: ImageFormat) throws {
            let read = try ReadPicture(render(Samples.fixture("grey.jpg"), as: .format(target)).bytes)
            for quadrant in read.quadrants { #expect(quadrant.prefix(3).max()! - quadrant.prefix(3).min()! <= 4) }
        }
    }
}
