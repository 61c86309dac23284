import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    /// Random pairs of transformations: whenever there is a plan, it keeps its promises.
    @Suite struct DerivationFuzzTests {
        private static let formats: [ImageFormat] = [.jpeg, .webp, .png]
        private static let anchors = Gravity.Anchor.allCases.filter { $0 != .smart }

        /// Options that both may share.
        private static func shared(_ random: inout SeededGenerator) -> Transformation {
            var made = Transformation()
            func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
            func gravity() -> Gravity { Gravity(anchors.randomElement(using: &random) ?? .center) }
            made.rotation = [0, 0, 0, 90, 180, 270].randomElement(using: &random) ?? 0
            made.flipHorizontal = chance(15)
            made.flipVertical = chance(15)
            made.autoRotate = !chance(15)
            if chance(25) {
                made.crop = .init(
                    width: Double.random(in: 0.4...1, using: &random),
                    height: Double.random(in: 60...200, using: &random).rounded(),
                    gravity: gravity()
                )
            }
            if chance(30) { made.gravity = gravity() }
            if chance(15) { made.extend = gravity() }
            if chance(15) { made.extendAspectRatio = gravity() }
            if chance(15) { made.padding = .init(top: 12, right: 8, bottom: 20, left: 4) }
            if chance(30) { made.background = Color(red: 200, green: 30, blue: 90) }
            if chance(15) { made.enlarge = true }
            return made
        }

        private static func sized(_ shared: Transformation, _ random: inout SeededGenerator) -> Transformation {
            var made = shared
            func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
            made.resizing = Transformation.Resizing.allCases.randomElement(using: &random) ?? .fit
            let sides = [40, 50, 64, 75, 100, 128, 150, 200, 256, 300]
            if chance(90) { made.width = sides.randomElement(using: &random) ?? 0 }
            if chance(50) { made.height = sides.randomElement(using: &random) ?? 0 }
            if chance(20) { made.devicePixelRatio = [0.5, 1.5, 2].randomElement(using: &random) ?? 1 }
            if chance(10) { made.minimumWidth = 90 }
            if chance(10) { made.zoomX = 1.25 }
            if chance(10) { made.maximumResultDimension = 120 }
            if chance(10) { made.quality = Int.random(in: 60...95, using: &random) }
            return made
        }

        private static func original(_ seed: UInt64) throws -> [UInt8] {
            let size = PixelSize(width: 300 + Int(seed * 7), height: 230 - Int(seed * 3))
            switch seed % 3 {
            case 0: return try GeneratedPhoto.soft.png(size, seed: seed, alpha: true)
            case 1: return try GeneratedPhoto.soft.jpeg(size, seed: seed)
            default:
                return ExifBlock(orientation: Int(seed % 8) + 1)
                    .inserted(into: try GeneratedPhoto.edged.jpeg(size, seed: seed))
            }
        }

        @Test("derived renditions have the direct ones' format, size and content", arguments: [UInt64(1), 2, 3, 4])
        func keepsPromises(seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            let original = try Self.original(seed)
            var plans = 0
            for round in 0..<120 {
                let shared = Self.shared(&random)
                var parent = Self.sized(shared, &random)
                if round % 2 == 0 {
                    // A whole and large parent, as a page of a shop asks for first.
                    parent = Transformation()
                    parent.width = 290
                    parent.rotation = shared.rotation
                    parent.autoRotate = shared.autoRotate
                }
                let child = Self.sized(shared, &random)
                let format = Self.formats.randomElement(using: &random) ?? .png
                let target = Self.formats.randomElement(using: &random) ?? .png
                let pair: DerivedPair
                do {
                    pair = try DerivedPair(
                        original,
                        parent: (format, { $0 = parent }),
                        child: (round % 5 == 0 ? .negotiated([.webp]) : .format(target), { $0 = child })
                    )
                } catch is DerivationRefusal {
                    continue
                }
                plans += 1
                let note = "seed \(seed), round \(round): \(child.canonicalOptions) from \(parent.canonicalOptions)"
                #expect(pair.derived.head.size == pair.direct.head.size, "\(note)")
                #expect(pair.derived.head.format == pair.direct.head.format, "\(note)")
                #expect(pair.derived.head.quality == pair.direct.head.quality, "\(note)")
                #expect(pair.plan.accepts(pair.derived.head), "\(note)")
                #expect(try pair.similarity() >= 0.9, "\(note)")
            }
            #expect(plans >= 15, "seed \(seed): the rules allowed \(plans) plans only")
        }
    }
}
