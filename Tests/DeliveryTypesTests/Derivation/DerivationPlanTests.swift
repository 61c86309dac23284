import DeliveryTypes
import Testing

@Suite("Deriving, what is made")
struct DerivationPlanTests {
    private let family = DerivationFamily()

    @Test("a smaller rendition of the same view is the parent resized to the exact size")
    func resizes() throws {
        let parent = family.cached(.webp) { $0.width = 1_280 }
        let plan = try family.derivation.plan(for: family.wanted { $0.width = 640 }, from: parent)
        #expect(plan.size == PixelSize(width: 640, height: 480))
        #expect(plan.format == .jpeg)
        #expect(plan.target == .format(.jpeg))
        #expect(plan.transformation.resizing == .force)
        #expect(plan.transformation.width == 640 && plan.transformation.height == 480)
        #expect(plan.transformation.quality == 80)
        #expect(!plan.transformation.autoRotate)
        #expect(!plan.job(limits: RenderLimits(), defaults: RenderDefaults()).defaults.shrinksOnLoad)
    }

    @Test("what the parent has been through is not done again")
    func doesNothingTwice() throws {
        let edit: (inout Transformation) -> Void = {
            $0.crop = .init(width: 0.5, height: 0.5, gravity: Gravity(.northWest))
            $0.rotation = 90
            $0.flipHorizontal = true
            $0.padding = .init(top: 8, right: 8, bottom: 8, left: 8)
            $0.background = Color(red: 9, green: 9, blue: 9)
        }
        let parent = family.cached {
            edit(&$0)
            $0.width = 1_200
            $0.devicePixelRatio = 1
        }
        let child = family.wanted {
            edit(&$0)
            $0.width = 1_200
            $0.devicePixelRatio = 0.5
        }
        let plan = try family.derivation.plan(for: child, from: parent)
        #expect(plan.size == PixelSize(width: 608, height: 808))
        var plain = Transformation()
        plain.resizing = .force
        plain.width = 608
        plain.height = 808
        plain.autoRotate = false
        plain.format = .jpeg
        plain.quality = 80
        plain.stripMetadata = true
        plain.keepCopyright = true
        plain.stripColorProfile = true
        #expect(plan.transformation == plain)
    }

    @Test("from a rendition of the whole picture any cut is made as from the original")
    func cuts() throws {
        let parent = family.cached(.webp) { $0.width = 1_280 }
        let child = family.wanted {
            $0.resizing = .fill
            $0.width = 401
            $0.height = 399
            $0.gravity = Gravity(.southEast)
        }
        let plan = try family.derivation.plan(for: child, from: parent)
        #expect(plan.size == PixelSize(width: 401, height: 399))
        #expect(plan.transformation.resizing == .fill)
        #expect(plan.transformation.gravity == Gravity(.southEast))
    }

    @Test("a child's ground is painted where the parent kept its transparency")
    func paints() throws {
        var family = family
        family.original.hasAlpha = true
        let color = Color(red: 10, green: 200, blue: 30)
        let child = family.wanted {
            $0.width = 300
            $0.background = color
        }
        let kept = try family.derivation.plan(for: child, from: family.cached(.webp) { $0.width = 900 })
        #expect(kept.transformation.background == color)
        let painted = family.cached(.jpeg) {
            $0.width = 900
            $0.background = color
        }
        #expect(try family.derivation.plan(for: child, from: painted).transformation.background == nil)
    }

    @Test("a negotiated format is the one that the original would get")
    func negotiates() throws {
        var child = family.wanted { $0.width = 300 }
        child.target = .negotiated([.avif, .webp])
        let parent = family.cached(.webp) { $0.width = 900 }
        #expect(try family.derivation.plan(for: child, from: parent).format == .avif)
        child.target = .negotiated([])
        #expect(try family.derivation.plan(for: child, from: parent).format == .jpeg)
    }

    @Test("from the original's bytes everything is made that needs no other picture")
    func usesOriginal() throws {
        var raw = Transformation()
        raw.raw = true
        let parent = CachedRendition(
            source: DerivationFamily.photo,
            transformation: raw,
            format: .jpeg,
            size: family.original.size
        )
        let child = family.wanted(.gif) {
            $0.width = 300
            $0.blur = 3
            $0.trim = .init(threshold: 9)
        }
        let plan = try family.derivation.plan(for: child, from: parent)
        #expect(plan.isDirect)
        #expect(plan.transformation == child.transformation)
        #expect(plan.target == child.target)
        #expect(plan.job(limits: RenderLimits(), defaults: RenderDefaults()).defaults.shrinksOnLoad)
        let marked = family.wanted { $0.watermark = Watermark(opacity: 1) }
        #expect(family.refusal(marked, from: parent) == .overlaid)
    }

    @Test("an answer of another size or format is not accepted")
    func checksAnswers() throws {
        let parent = family.cached { $0.width = 1_280 }
        let plan = try family.derivation.plan(for: family.wanted { $0.width = 640 }, from: parent)
        var head = RenderResult.Head(source: family.original)
        head.format = .jpeg
        head.size = PixelSize(width: 640, height: 480)
        #expect(plan.accepts(head))
        head.size = PixelSize(width: 640, height: 481)
        #expect(!plan.accepts(head))
        head.size = PixelSize(width: 640, height: 480)
        head.format = .png
        #expect(!plan.accepts(head))
    }

    @Test("no two numbers of a transformation trap", arguments: [UInt64(1), 2, 3])
    func survivesAnything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let parent = PlanInput.absurd(&random)
            let child = PlanInput.absurd(&random)
            let facts = PictureFacts(format: .jpeg, size: parent.source.size, bytes: 1)
            let cached = CachedRendition(
                source: DerivationFamily.photo,
                transformation: parent.transformation,
                format: parent.format,
                size: child.source.size,
                quality: 80,
                original: facts
            )
            let wanted = WantedRendition(
                source: DerivationFamily.photo,
                transformation: child.transformation,
                target: .format(child.format)
            )
            _ = family.refusal(wanted, from: cached)
        }
    }
}
