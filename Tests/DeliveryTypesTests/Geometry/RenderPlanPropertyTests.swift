import DeliveryTypes
import Testing

@Suite("Geometry, for any input")
struct RenderPlanPropertyTests {
    private static let seeds: [UInt64] = Array(1...8)
    private static let rounds = 4_000

    @Test("everything lies within everything around it, and nothing is empty", arguments: seeds)
    func containment(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let input = PlanInput.plausible(&random)
            expectSound(input, input.plan(), seed: seed)
        }
    }

    @Test("absurd numbers neither trap nor break a bound", arguments: seeds)
    func absurd(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let input = PlanInput.absurd(&random)
            expectSound(input, input.plan(), seed: seed)
        }
    }

    @Test("fit never exceeds its box, fill with enlarging is exactly its box", arguments: seeds)
    func boxes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            var input = PlanInput.plain(&random)
            let box = PixelSize(
                width: .random(in: 1...3_000, using: &random),
                height: .random(in: 1...3_000, using: &random)
            )
            input.transformation.width = box.width
            input.transformation.height = box.height
            input.transformation.resizing = .fit
            input.transformation.enlarge = .random(using: &random)
            let fit = input.plan()
            #expect(fit.resultSize.width <= box.width && fit.resultSize.height <= box.height, "\(seed) \(input)")
            #expect(fit.resultCrop == nil, "\(seed) \(input)")

            input.transformation.resizing = .fill
            input.transformation.enlarge = true
            #expect(input.plan().resultSize == box, "\(seed) \(input)")
        }
    }

    @Test("without enlarge no axis is enlarged", arguments: seeds)
    func noEnlarging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            var input = PlanInput.plausible(&random)
            input.transformation.enlarge = false
            input.transformation.minimumWidth = 0
            input.transformation.minimumHeight = 0
            input.source.isVector = false
            let plan = input.plan()
            let area = plan.cropSize ?? plan.orientedSize
            #expect(plan.scaledSize.width <= area.width && plan.scaledSize.height <= area.height, "\(seed) \(input)")
            #expect(plan.devicePixelRatio > 0, "\(seed) \(input)")
        }
    }

    @Test("the ratio is kept to within a pixel", arguments: seeds)
    func ratio(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            var input = PlanInput.plausible(&random)
            if input.transformation.resizing == .force { input.transformation.resizing = .fit }
            input.transformation.zoomY = input.transformation.zoomX
            let plan = input.plan()
            let area = plan.cropSize ?? plan.orientedSize
            guard min(plan.scaledSize.width, plan.scaledSize.height) > 1 else { continue }
            // Both sides are the area's times one factor, each rounded to the nearest pixel.
            let x = (Double(plan.scaledSize.width) - 0.5)...(Double(plan.scaledSize.width) + 0.5)
            let y = (Double(plan.scaledSize.height) - 0.5)...(Double(plan.scaledSize.height) + 0.5)
            let factorsX = (x.lowerBound / Double(area.width) - 1e-9)...(x.upperBound / Double(area.width) + 1e-9)
            let factorsY = (y.lowerBound / Double(area.height) - 1e-9)...(y.upperBound / Double(area.height) + 1e-9)
            #expect(factorsX.overlaps(factorsY), "\(seed) \(input)")
        }
    }

    @Test("shrinking on load keeps cuts inside and ends at exactly the planned size", arguments: seeds)
    func shrinkOnLoad(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let input = PlanInput.plausible(&random)
            let plan = input.plan()
            let shrinks: [Double] = [plan.loadShrink, Double(plan.jpegShrink), 1]
            let shrink = shrinks.randomElement(using: &random) ?? 1
            // Decoders round up (libjpeg) or to the nearest (libwebp).
            let rounding: FloatingPointRoundingRule = .random(using: &random) ? .up : .toNearestOrAwayFromZero
            let loaded = PixelSize(
                width: max(1, Int((Double(plan.source.size.width) / shrink).rounded(rounding))),
                height: max(1, Int((Double(plan.source.size.height) / shrink).rounded(rounding)))
            )
            let region = plan.crop(afterLoading: loaded)
            if case .rectangle(let part) = region {
                #expect(part.origin.x >= 0 && part.origin.y >= 0, "\(seed) \(input)")
                #expect(part.origin.x + part.size.width <= loaded.width, "\(seed) \(input)")
                #expect(part.origin.y + part.size.height <= loaded.height, "\(seed) \(input)")
            }
            let cropped = region?.size ?? loaded
            #expect(cropped.width >= 1 && cropped.height >= 1, "\(seed) \(input)")
            let factors = plan.resizeFactors(from: cropped)
            let stored = plan.turn.applied(to: plan.scaledSize)
            #expect(Int((Double(cropped.width) * factors.horizontal).rounded()) == stored.width, "\(seed) \(input)")
            #expect(Int((Double(cropped.height) * factors.vertical).rounded()) == stored.height, "\(seed) \(input)")
        }
    }

    @Test("a decoder that shrinks as far as allowed leaves enough pixels", arguments: seeds)
    func enoughPixels(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            var input = PlanInput.plain(&random)
            input.transformation.width = .random(in: 0...2_000, using: &random)
            input.transformation.height = .random(in: 0...2_000, using: &random)
            input.transformation.resizing = Transformation.Resizing.allCases.randomElement(using: &random) ?? .fit
            let plan = input.plan()
            let stored = plan.turn.applied(to: plan.scaledSize)
            let shrink = Double(plan.jpegShrink)
            #expect((Double(plan.source.size.width) / shrink).rounded(.up) >= Double(stored.width), "\(seed) \(input)")
            #expect(
                (Double(plan.source.size.height) / shrink).rounded(.up) >= Double(stored.height),
                "\(seed) \(input)"
            )
        }
    }

    private func expectSound(_ input: PlanInput, _ plan: RenderPlan, seed: UInt64) {
        let bound = min(input.limits.resultSideMax, input.transformation.maximumResultDimension ?? .max)
        let sound =
            min(plan.scaledSize.width, plan.scaledSize.height, plan.resultSize.width, plan.resultSize.height) >= 1
            && max(plan.resultSize.width, plan.resultSize.height) <= bound
            && contains(plan.scaledSize, plan.resultCrop)
            && contains(plan.source.size, plan.crop(afterLoading: plan.source.size))
            && contains(plan) && plan.loadShrink >= 1 && plan.loadShrink.isFinite && plan.vectorScale > 0
            && plan.vectorScale.isFinite && plan.devicePixelRatio > 0 && plan.devicePixelRatio.isFinite
        #expect(sound, "seed \(seed): \(input) gave \(plan)")
    }

    private func contains(_ outer: PixelSize, _ region: RenderPlan.Region?) -> Bool {
        guard let region else { return true }
        guard case .rectangle(let part) = region else {
            return region.size.width <= outer.width && region.size.height <= outer.height
        }
        return contains(outer, part.size, at: part.origin)
    }

    private func contains(_ plan: RenderPlan) -> Bool {
        var size = plan.croppedSize
        for canvas in [plan.extension, plan.aspectRatioExtension, plan.padding] {
            guard let canvas else { continue }
            guard contains(canvas.size, size, at: canvas.position) else { return false }
            size = canvas.size
        }
        return size == plan.resultSize
    }

    private func contains(_ outer: PixelSize, _ inner: PixelSize, at place: PixelPoint) -> Bool {
        place.x >= 0 && place.y >= 0 && place.x + inner.width <= outer.width && place.y + inner.height <= outer.height
            && inner.width >= 1 && inner.height >= 1
    }
}
