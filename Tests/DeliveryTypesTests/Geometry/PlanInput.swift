import DeliveryTypes

/// What a plan is made of, drawn at random.
struct PlanInput {
    var transformation = Transformation()
    var source: RenderPlan.Source
    var format = ImageFormat.png
    var limits = RenderLimits()

    func plan() -> RenderPlan {
        RenderPlan(transformation, source: source, format: format, limits: limits)
    }

    /// A source of usual size, without any option.
    static func plain(_ random: inout SeededGenerator) -> PlanInput {
        let size = PixelSize(
            width: .random(in: 1...6_000, using: &random),
            height: .random(in: 1...6_000, using: &random)
        )
        return PlanInput(source: .init(size: size, orientation: .random(in: 1...8, using: &random)))
    }

    /// Options as people write them, any number of them together.
    static func plausible(_ random: inout SeededGenerator) -> PlanInput {
        var input = plain(&random)
        func chance() -> Bool { .random(using: &random) }
        func side() -> Int { .random(in: 0...3_000, using: &random) }
        func factor() -> Double { .random(in: 0.1...4, using: &random) }
        input.transformation.resizing = Transformation.Resizing.allCases.randomElement(using: &random) ?? .fit
        input.transformation.width = chance() ? side() : 0
        input.transformation.height = chance() ? side() : 0
        input.transformation.enlarge = chance()
        if chance() { input.transformation.devicePixelRatio = factor() }
        if chance() { input.transformation.zoomX = factor() }
        input.transformation.zoomY = chance() ? input.transformation.zoomX : factor()
        if chance() { input.transformation.minimumWidth = side() / 4 }
        if chance() { input.transformation.minimumHeight = side() / 4 }
        if chance() { input.transformation.extend = gravity(&random) }
        if chance() { input.transformation.extendAspectRatio = gravity(&random) }
        input.transformation.gravity = gravity(&random)
        if chance() {
            input.transformation.crop = .init(
                width: chance() ? Double.random(in: 0..<1, using: &random) : Double(side()),
                height: chance() ? Double.random(in: 0..<1, using: &random) : Double(side()),
                gravity: chance() ? gravity(&random) : nil
            )
        }
        if chance() { input.transformation.padding = .init(top: side(), right: side(), bottom: side(), left: side()) }
        input.transformation.autoRotate = chance()
        input.transformation.rotation = [0, 90, 180, 270].randomElement(using: &random) ?? 0
        input.transformation.flipHorizontal = chance()
        input.transformation.flipVertical = chance()
        if chance() { input.transformation.maximumResultDimension = max(16, side()) }
        input.source.isVector = Int.random(in: 0..<4, using: &random) == 0
        input.format = ImageFormat.allCases.randomElement(using: &random) ?? .png
        return input
    }

    /// Numbers that no parser should let through, and some at the edge of their range.
    static func absurd(_ random: inout SeededGenerator) -> PlanInput {
        let integers = [Int.min, -1, 0, 1, 2, 3, 65_535, 1 << 31, 1 << 40, 1 << 52, Int.max]
        let numbers: [Double] = [
            -.infinity, -1e300, -1.5, -0.0, .leastNonzeroMagnitude, 1e-9, 0.3, 0.999_999_9, 1, 7, 1e9, 1e18, 1e300,
            .infinity, .nan,
        ]
        func integer() -> Int { integers.randomElement(using: &random) ?? 0 }
        func number() -> Double { numbers.randomElement(using: &random) ?? 0 }
        func anyGravity() -> Gravity {
            Gravity(Gravity.Anchor.allCases.randomElement(using: &random) ?? .center, x: number(), y: number())
        }
        var input = plausible(&random)
        input.source.size = PixelSize(width: integer(), height: integer())
        input.source.orientation = integer()
        input.transformation.width = integer()
        input.transformation.height = integer()
        input.transformation.minimumWidth = integer()
        input.transformation.minimumHeight = integer()
        input.transformation.zoomX = number()
        input.transformation.zoomY = number()
        input.transformation.devicePixelRatio = number()
        input.transformation.rotation = integer()
        input.transformation.gravity = anyGravity()
        if Bool.random(using: &random) { input.transformation.extend = anyGravity() }
        if Bool.random(using: &random) {
            input.transformation.crop = .init(width: number(), height: number(), gravity: anyGravity())
        }
        input.transformation.padding = .init(top: integer(), right: integer(), bottom: integer(), left: integer())
        return input
    }

    private static func gravity(_ random: inout SeededGenerator) -> Gravity {
        let isShare = Bool.random(using: &random)
        let range = isShare ? 0.0...1.0 : -300.0...300.0
        return Gravity(
            Gravity.Anchor.allCases.randomElement(using: &random) ?? .center,
            x: .random(in: range, using: &random),
            y: .random(in: range, using: &random)
        )
    }
}
