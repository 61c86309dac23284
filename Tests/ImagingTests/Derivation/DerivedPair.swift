import DeliveryTypes

@testable import Imaging

/// A rendition made from another one and the same rendition made from the original.
struct DerivedPair {
    static let source = SourceReference.local("photo")

    let plan: DerivationPlan
    let direct: RenderResult
    let derived: RenderResult
    private let derivation: Derivation
    private let child: WantedRendition
    private let original: [UInt8]
    private let parent: [UInt8]

    /// - Throws: `DerivationRefusal` when the rules refuse, `RenderFailure` when a render fails.
    init(
        _ original: [UInt8],
        parent: (format: ImageFormat, edit: (inout Transformation) -> Void),
        child: (target: RenditionTarget, edit: (inout Transformation) -> Void)
    ) throws {
        derivation = Derivation()
        var transformation = Transformation()
        parent.edit(&transformation)
        let made = try render(original, as: .format(parent.format), parent.edit)
        let cached = CachedRendition(source: Self.source, transformation: transformation, head: made.head)
        transformation = Transformation()
        child.edit(&transformation)
        self.child = WantedRendition(source: Self.source, transformation: transformation, target: child.target)
        guard let cached else { throw RenderFailure(.workerFault, "no rendition was made") }
        plan = try derivation.plan(for: self.child, from: cached)
        direct = try render(original, as: child.target, child.edit)
        derived = try perform(plan.job(limits: derivation.limits, defaults: derivation.defaults), [made.bytes])
        self.original = original
        self.parent = made.bytes
    }

    /// SSIM of both before they are encoded.
    func similarity() throws -> Double {
        guard let jobs = derivation.auditJobs(of: plan, for: child) else { return 1 }
        let derived = try perform(jobs.derived, [parent])
        let direct = try perform(jobs.direct, [original])
        return try Self.similarity(derived.bytes, direct.bytes)
    }

    /// By how much less the derived rendition is like the perfect one than the direct rendition is.
    func loss() throws -> Double {
        guard let jobs = derivation.auditJobs(of: plan, for: child) else { return 0 }
        let perfect = try perform(jobs.direct, [original]).bytes
        return try Self.similarity(direct.bytes, perfect) - Self.similarity(derived.bytes, perfect)
    }

    static func similarity(_ first: [UInt8], _ second: [UInt8]) throws -> Double {
        try perform(RenderJob(task: .similarity), [first, second]).head.similarity ?? -1
    }
}
