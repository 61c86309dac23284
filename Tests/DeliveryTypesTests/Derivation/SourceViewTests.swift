import Testing

@testable import DeliveryTypes

@Suite("What of a source a rendition shows")
struct SourceViewTests {
    private func view(
        _ size: PixelSize = PixelSize(width: 400, height: 200),
        orientation: Int = 1,
        _ edit: (inout Transformation) -> Void
    ) -> SourceView? {
        var transformation = Transformation()
        edit(&transformation)
        let source = RenderPlan.Source(size: size, orientation: orientation)
        let plan = RenderPlan(transformation, source: source, format: .png)
        return SourceView(plan, sourceFormat: .png)
    }

    private func expect(_ axis: SourceViewAxis?, content: ClosedRange<Double>, shown: ClosedRange<Double>) {
        guard let axis else {
            Issue.record("no view")
            return
        }
        #expect(axis.contentStart == content.lowerBound && axis.contentEnd == content.upperBound)
        #expect(abs(axis.shownStart - shown.lowerBound) < 1e-9 && abs(axis.shownEnd - shown.upperBound) < 1e-9)
    }

    @Test("a fitted rendition shows all")
    func fits() {
        let view = view { $0.width = 100 }
        #expect(view?.isWhole == true)
        expect(view?.horizontal, content: 0...100, shown: 0...1)
        expect(view?.vertical, content: 0...50, shown: 0...1)
    }

    @Test("cut, turned and padded, it shows the part where it is")
    func cuts() {
        // The right half, upright the lower one.
        let view = view {
            $0.crop = .init(width: 0, height: 0.5, gravity: Gravity(.south))
            $0.rotation = 90
            $0.padding = .init(top: 3, left: 7)
        }
        #expect(view?.isWhole == false)
        expect(view?.horizontal, content: 7...207, shown: 0...1)
        expect(view?.vertical, content: 3...203, shown: 0.5...1)
    }

    @Test("a final cut is counted in the scaled picture")
    func fills() {
        let view = view {
            $0.resizing = .fill
            $0.width = 50
            $0.height = 50
            $0.gravity = Gravity(.east)
        }
        expect(view?.horizontal, content: 0...50, shown: 0.5...1)
        expect(view?.vertical, content: 0...50, shown: 0...1)
    }

    @Test("what depends on pixels has no view")
    func refusesSmart() {
        let smart = view {
            $0.resizing = .fill
            $0.width = 50
            $0.height = 50
            $0.gravity = Gravity(.smart)
        }
        #expect(smart == nil)
    }

    @Test("a shift is counted in the child's pixels", arguments: 1...8)
    func shifts(orientation: Int) throws {
        func fill(_ width: Int, _ x: Double) throws -> SourceView {
            try #require(
                view(PixelSize(width: 400, height: 400), orientation: orientation) {
                    $0.resizing = .fill
                    $0.width = width
                    $0.height = 50 * width / 100
                    $0.gravity = Gravity(.north, x: 0, y: x)
                }
            )
        }
        #expect(try fill(100, 0).shift(of: fill(200, 0)) < 1e-9)
        #expect(try abs(fill(100, 0).shift(of: fill(200, 1)) - 0.5) < 1e-9)
        #expect(try abs(fill(100, 10).shift(of: fill(200, 0)) - 10) < 1e-9)
    }
}
