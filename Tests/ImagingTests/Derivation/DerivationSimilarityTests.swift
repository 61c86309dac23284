import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    /// What `docs/decisions/0016-derivation.md` promises of derived renditions, on generated photographs.
    @Suite struct DerivationSimilarityTests {
        /// A parent and a child that the rules allow.
        struct Framing: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var parent: @Sendable (inout Transformation) -> Void
            var child: @Sendable (inout Transformation) -> Void
        }

        static let framings = [
            Framing(testDescription: "1.5 times", parent: { $0.width = 480 }, child: { $0.width = 320 }),
            Framing(testDescription: "twice", parent: { $0.width = 640 }, child: { $0.width = 320 }),
            Framing(testDescription: "four times", parent: { $0.width = 800 }, child: { $0.width = 200 }),
            Framing(testDescription: "odd sizes", parent: { $0.width = 611 }, child: { $0.width = 307 }),
            Framing(
                testDescription: "one cut",
                parent: { fill(&$0, 640, 360) },
                child: { fill(&$0, 320, 180) }
            ),
            Framing(testDescription: "a cut of all", parent: { $0.width = 640 }, child: { fill(&$0, 201, 203) }),
            Framing(
                testDescription: "turned and on a canvas",
                parent: { canvas(&$0, 600, ratio: 1) },
                child: { canvas(&$0, 600, ratio: 0.5) }
            ),
        ]

        static let parents: [(ImageFormat, Int)] = [(.jpeg, 80), (.webp, 79), (.avif, 60), (.jxl, 80), (.png, 0)]

        private static func fill(_ transformation: inout Transformation, _ width: Int, _ height: Int) {
            transformation.resizing = .fill
            transformation.width = width
            transformation.height = height
        }

        private static func canvas(_ transformation: inout Transformation, _ side: Int, ratio: Double) {
            transformation.width = side
            transformation.height = side
            transformation.devicePixelRatio = ratio
            transformation.rotation = 90
            transformation.extend = Gravity(.north)
            transformation.background = Color(red: 240, green: 250, blue: 255)
        }

        @Test("derived pixels are like the direct ones", arguments: GeneratedPhoto.allCases, framings)
        func pixels(_ photo: GeneratedPhoto, _ framing: Framing) throws {
            let original = try GeneratedPhoto.large(photo)
            for (format, quality) in Self.parents {
                let parent = { (transformation: inout Transformation) in
                    framing.parent(&transformation)
                    transformation.quality = quality
                }
                let pair = try DerivedPair(
                    original,
                    parent: (format, parent),
                    child: (.format(.webp), framing.child)
                )
                #expect(pair.derived.head.size == pair.direct.head.size)
                #expect(pair.plan.accepts(pair.derived.head))
                let similarity = try pair.similarity()
                #expect(similarity >= Derivation.similarityMin, "\(photo) from \(format) \(quality)")
            }
        }

        @Test(
            "what is sent is hardly further from perfect than the direct rendition",
            arguments: GeneratedPhoto.allCases,
            [ImageFormat.jpeg, .webp, .avif]
        )
        func loss(_ photo: GeneratedPhoto, _ format: ImageFormat) throws {
            let original = try GeneratedPhoto.large(photo)
            for parent in [ImageFormat.jpeg, .webp, .avif] {
                let pair = try DerivedPair(
                    original,
                    parent: (parent, { $0.width = 480 }),
                    child: (.format(format), { $0.width = 320 })
                )
                let loss = try pair.loss()
                #expect(loss <= 0.03, "\(photo) from \(parent)")
            }
        }

        @Test("transparency is derived too", arguments: [ImageFormat.webp, .jpeg])
        func transparency(_ format: ImageFormat) throws {
            let original = try GeneratedPhoto.soft.png(PixelSize(width: 480, height: 360), alpha: true)
            let pair = try DerivedPair(
                original,
                parent: (.webp, { $0.width = 360 }),
                child: (.format(format), { $0.width = 180 })
            )
            #expect(try pair.similarity() >= Derivation.similarityMin)
            let corner = try (ReadPicture(pair.derived.bytes).pixel(0, 0), ReadPicture(pair.direct.bytes).pixel(0, 0))
            #expect(corner.0[3] == corner.1[3])
        }

        @Test("what the rules refuse would be worse", arguments: GeneratedPhoto.allCases)
        func refusesWorse(_ photo: GeneratedPhoto) throws {
            let original = try GeneratedPhoto.large(photo)
            #expect(throws: DerivationRefusal.poorParent) {
                try DerivedPair(
                    original,
                    parent: (
                        .avif,
                        {
                            $0.width = 480
                            $0.quality = 30
                        }
                    ),
                    child: (.format(.webp), { $0.width = 320 })
                )
            }
            let direct = try render(original, as: .format(.png)) { $0.width = 320 }.bytes
            func similarity(_ format: ImageFormat, _ quality: Int) throws -> Double {
                let parent = try render(original, as: .format(format)) {
                    $0.width = 480
                    $0.quality = quality
                }
                let derived = try render(parent.bytes, as: .format(.png)) { $0.width = 320 }
                return try DerivedPair.similarity(derived.bytes, direct)
            }
            #expect(try similarity(.avif, 30) < similarity(.avif, 60))
        }

        @Test("rights outlive derivation where the rules say so", arguments: [ImageFormat.jpeg, .png, .webp])
        func keepsRights(_ format: ImageFormat) throws {
            let packet =
                "<x:xmpmeta><rdf:RDF><rdf:Description><dc:rights>mine</dc:rights>"
                + "</rdf:Description></rdf:RDF></x:xmpmeta>"
            let block = ExifBlock(copyright: "(c) Ada Example", artist: "Ada Example")
            let plain = try GeneratedPhoto.soft.jpeg(PixelSize(width: 240, height: 180))
            let original = block.inserted(into: ExifBlock.insertedXMP(packet, into: plain))
            for child in [ImageFormat.jpeg, .webp] {
                let pair = try DerivedPair(
                    original,
                    parent: (format, { $0.width = 200 }),
                    child: (.format(child), { $0.width = 100 })
                )
                for text in ["(c) Ada Example", "mine"] {
                    #expect(Self.holds(pair.direct.bytes, text), "direct \(child): \(text)")
                    #expect(Self.holds(pair.derived.bytes, text), "\(child) from \(format): \(text)")
                }
            }
        }

        @Test("a parent whose format hides rights is none, unless there are none", arguments: [ImageFormat.avif, .jxl])
        func refusesHiddenRights(_ format: ImageFormat) throws {
            let plain = try GeneratedPhoto.soft.jpeg(PixelSize(width: 240, height: 180))
            let signed = ExifBlock(copyright: "(c) Ada Example").inserted(into: plain)
            func pair(_ original: [UInt8]) throws -> DerivedPair {
                try DerivedPair(
                    original,
                    parent: (
                        format,
                        {
                            $0.width = 200
                            $0.quality = 85
                        }
                    ),
                    child: (.format(.webp), { $0.width = 100 })
                )
            }
            #expect(throws: DerivationRefusal.lostRights) { try pair(signed) }
            #expect(try pair(plain).derived.head.size?.width == 100)
        }

        private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
            let text = Array(text.utf8)
            return bytes.indices.contains { bytes[$0...].starts(with: text) }
        }
    }
}
