import DeliveryTypes
import Testing

@Suite("Deriving, rule by rule")
struct DerivationRulesTests {
    typealias Edit = @Sendable (inout Transformation) -> Void

    /// One rule: a change that turns a good pair into a bad one.
    struct Rule: Sendable, CustomTestStringConvertible {
        var reason: DerivationRefusal
        var name: String
        var child: Edit = { _ in }
        var parent: Edit = { _ in }
        var family = DerivationFamily()
        var childFormat = ImageFormat.jpeg
        var parentFormat = ImageFormat.jpeg
        var parentQuality: Int?
        var cached: @Sendable (inout CachedRendition) -> Void = { _ in }

        var testDescription: String { "\(reason.rawValue): \(name)" }

        /// The bad pair.
        var refusal: DerivationRefusal? {
            var parent = family.cached(parentFormat, quality: parentQuality) {
                $0.width = 1_280
                self.parent(&$0)
            }
            cached(&parent)
            let child = family.wanted(childFormat) {
                $0.width = 640
                self.child(&$0)
            }
            return family.refusal(child, from: parent)
        }
    }

    private static func of(_ edit: (inout PictureFacts) -> Void) -> DerivationFamily {
        var family = DerivationFamily()
        edit(&family.original)
        return family
    }

    private static func by(_ edit: (inout Derivation) -> Void) -> DerivationFamily {
        var family = DerivationFamily()
        edit(&family.derivation)
        return family
    }

    static let pairRules = [
        Rule(reason: .otherSource, name: "another picture", cached: { $0.source = .local("photos/other.jpg") }),
        Rule(reason: .otherSource, name: "another cache buster", child: { $0.cacheBuster = "2" }),
        Rule(reason: .tooSmall, name: "less than 1.5 times", child: { $0.width = 854 }),
        Rule(
            reason: .tooSmall,
            name: "large on one axis only",
            child: {
                $0.resizing = .force
                $0.height = 800
            }
        ),
        Rule(
            reason: .tooSmall,
            name: "a smaller cut of a larger picture",
            child: {
                $0.resizing = .fill
                $0.height = 720
            }
        ),
        Rule(
            reason: .otherView,
            name: "turned",
            child: {
                $0.width = 400
                $0.rotation = 90
            }
        ),
        Rule(reason: .otherView, name: "mirrored", parent: { $0.flipHorizontal = true }),
        Rule(reason: .otherView, name: "cut by the child", child: { $0.crop = .init(width: 0.5, height: 0.5) }),
        Rule(reason: .otherView, name: "cut by the parent", parent: { $0.crop = .init(width: 0.5, height: 0.5) }),
        Rule(
            reason: .otherView,
            name: "cut elsewhere",
            child: {
                $0.resizing = .fill
                $0.height = 300
                $0.gravity = Gravity(.north)
            },
            parent: {
                $0.resizing = .fill
                $0.height = 600
                $0.gravity = Gravity(.south)
            }
        ),
        Rule(reason: .otherView, name: "padded by the parent", parent: { $0.padding = .init(left: 30) }),
        Rule(reason: .poorParent, name: "coarse", child: near, parentQuality: 60),
        Rule(reason: .poorParent, name: "coarse WebP", child: near, parentFormat: .webp, parentQuality: 71),
        Rule(reason: .poorParent, name: "coarse AVIF", child: near, parentFormat: .avif, parentQuality: 58),
        Rule(
            reason: .poorParent,
            name: "much coarser than the child",
            child: {
                near(&$0)
                $0.quality = 96
            }
        ),
        Rule(reason: .poorParent, name: "too coarse even from afar", parentQuality: 49),
        Rule(reason: .poorParent, name: "lossy for a child without loss", childFormat: .png),
        Rule(
            reason: .lostRights,
            name: "the parent dropped them",
            child: { $0.keepCopyright = true },
            parent: { $0.keepCopyright = false },
            cached: { $0.hasRights = nil }
        ),
        Rule(
            reason: .lostRights,
            name: "the parent's format hides them",
            parentFormat: .avif,
            cached: { $0.hasRights = true }
        ),
        Rule(reason: .inconsistent, name: "a size that cannot be", cached: { $0.size.height += 1 }),
        Rule(reason: .inconsistent, name: "several frames", cached: { $0.frames = 2 }),
        Rule(
            reason: .otherGround,
            name: "transparency is gone",
            family: of { $0.hasAlpha = true },
            childFormat: .webp
        ),
        Rule(
            reason: .otherGround,
            name: "painted in another colour",
            child: { $0.background = Color(red: 1, green: 2, blue: 3) },
            family: of { $0.hasAlpha = true }
        ),
    ]

    static let aloneRules = [
        Rule(reason: .unknownSource, name: "no header", cached: { $0.original = nil }),
        Rule(reason: .animated, name: "source", family: of { $0.frames = 2 }),
        Rule(reason: .vector, name: "source", family: of { $0.format = .svg }),
        Rule(reason: .limited, name: "by the URL in pixels", child: { $0.maximumSourceResolution = 11 }),
        Rule(reason: .limited, name: "by the URL in bytes", child: { $0.maximumSourceBytes = 3_999_999 }),
        Rule(reason: .limited, name: "by the server", family: by { $0.limits.sourcePixelsMax = 11_999_999 }),
        Rule(reason: .untouched, name: "bytes are wanted", child: { $0.raw = true }),
        Rule(reason: .untouched, name: "child may be the source", child: { $0.skipProcessing = [.jpeg] }),
        Rule(reason: .untouched, name: "parent may be the source", parent: { $0.skipProcessing = [.jpeg] }),
        Rule(reason: .page, name: "child", child: { $0.page = 1 }),
        Rule(reason: .page, name: "parent", parent: { $0.page = 1 }),
        Rule(
            reason: .thumbnail,
            name: "parent",
            parent: { $0.enforceThumbnail = true },
            family: of { $0.format = .heic }
        ),
        Rule(reason: .trimmed, name: "child", child: { $0.trim = .init(threshold: 10) }),
        Rule(reason: .trimmed, name: "both", child: trim, parent: trim),
        Rule(reason: .smartCrop, name: "both", child: { smart(&$0, 300) }, parent: { smart(&$0, 600) }),
        Rule(reason: .filtered, name: "blur", child: { $0.blur = 1 }),
        Rule(reason: .filtered, name: "sharpen", parent: { $0.sharpen = 1 }),
        Rule(reason: .filtered, name: "cells", parent: { $0.pixelate = 2 }),
        Rule(reason: .overlaid, name: "watermark", child: { $0.watermark = Watermark(opacity: 1) }),
        Rule(
            reason: .overlaid,
            name: "text",
            parent: { $0.layers = [Layer(content: .text(Layer.Text(string: "x")))] }
        ),
        Rule(reason: .metadata, name: "child keeps them", child: { $0.stripMetadata = false }),
        Rule(reason: .metadata, name: "parent keeps its profile", parent: { $0.stripColorProfile = false }),
        Rule(reason: .metadata, name: "the server keeps them", family: by { $0.defaults.stripMetadata = false }),
        Rule(
            reason: .searchedQuality,
            name: "by likeness",
            child: { $0.autoQuality = .init(method: .dssim, target: 0.01) }
        ),
        Rule(reason: .searchedQuality, name: "by size", child: { $0.maximumBytes = 10_000 }),
        Rule(reason: .format, name: "a palette is wanted", childFormat: .gif),
        Rule(reason: .format, name: "a palette is there", parentFormat: .gif),
        Rule(reason: .format, name: "not written", childFormat: .heic),
    ]

    /// 1.6 times smaller than the parent.
    private static let near: Edit = { $0.width = 800 }
    private static let trim: Edit = { $0.trim = .init(threshold: 10) }

    private static func smart(_ transformation: inout Transformation, _ height: Int) {
        transformation.resizing = .fill
        transformation.height = height
        transformation.gravity = Gravity(.smart)
    }

    @Test("a bad pair is refused with its reason", arguments: pairRules + aloneRules)
    func refuses(_ rule: Rule) {
        #expect(rule.refusal == rule.reason)
    }

    @Test("every reason has a rule")
    func covers() {
        let covered = Set((Self.pairRules + Self.aloneRules).map(\.reason))
        #expect(Set(DerivationRefusal.allCases).subtracting(covered).isEmpty)
    }
}
