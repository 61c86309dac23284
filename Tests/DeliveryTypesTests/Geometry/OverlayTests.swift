import DeliveryTypes
import Testing

@Suite("Overlays")
struct OverlayTests {
    private let canvas = PixelSize(width: 400, height: 300)

    @Test("a share fits the overlay into that share of the canvas, enlarging it if needed")
    func share() {
        let own = PixelSize(width: 100, height: 50)
        #expect(Overlay.size(of: own, share: 0.5, on: canvas) == PixelSize(width: 200, height: 100))
        #expect(Overlay.size(of: own.transposed, share: 0.1, on: canvas) == PixelSize(width: 15, height: 30))
        #expect(Overlay.size(of: own, share: 0.0001, on: canvas) == PixelSize(width: 1, height: 1))
    }

    @Test("without a share the overlay keeps its size, times the given scale")
    func ownSize() {
        let own = PixelSize(width: 101, height: 51)
        #expect(Overlay.size(of: own, share: 0, on: canvas) == own)
        #expect(Overlay.size(of: own, share: 0, on: canvas, ownScale: 2) == PixelSize(width: 202, height: 102))
        #expect(Overlay.size(of: own, share: 0, on: canvas, ownScale: 0.5) == PixelSize(width: 51, height: 26))
    }

    @Test("an overlay may leave the canvas but for one pixel, which a cut may not")
    func overflow() {
        let mark = PixelSize(width: 50, height: 40)
        let away = Gravity(.southEast, x: -1_000, y: -1_000)
        #expect(Placement.position(of: mark, in: canvas, gravity: away) == PixelPoint(x: 350, y: 260))
        let place = Placement.position(of: mark, in: canvas, gravity: away, mayOverflow: true)
        #expect(place == PixelPoint(x: 399, y: 299))
        let back = Gravity(.northWest, x: -1_000, y: -10)
        let corner = Placement.position(of: mark, in: canvas, gravity: back, devicePixelRatio: 2, mayOverflow: true)
        #expect(corner == PixelPoint(x: -49, y: -20))
    }

    @Test("an overlay's offsets in pixels follow the ratio, shares do not")
    func offsets() {
        let mark = PixelSize(width: 50, height: 40)
        let pixels = Gravity(.southEast, x: 10, y: 20)
        let place = Placement.position(of: mark, in: canvas, gravity: pixels, devicePixelRatio: 1.5, mayOverflow: true)
        #expect(place == PixelPoint(x: 335, y: 230))
        let share = Gravity(.southEast, x: 0.1, y: 0.1)
        let other = Placement.position(of: mark, in: canvas, gravity: share, devicePixelRatio: 1.5, mayOverflow: true)
        #expect(other == PixelPoint(x: 310, y: 230))
    }

    @Test("tiles have a copy in the middle and the spacing, times the ratio, between copies")
    func replicated() {
        let tiling = Overlay.tiling(
            of: PixelSize(width: 40, height: 20),
            spacing: PixelPoint(x: 5, y: 10),
            isChessboard: false,
            on: canvas,
            devicePixelRatio: 2
        )
        #expect(tiling.cell == PixelSize(width: 50, height: 40))
        #expect(tiling.copies == [PixelPoint(x: 5, y: 10)])
        // The middle tile begins at (400 - 50) / 2 = 175; 4 more before it begin at -25.
        #expect(tiling.origin == PixelPoint(x: 25, y: 30))
        #expect(tiling.columns == 9 && tiling.rows == 9)
    }

    @Test("on a chessboard every other row starts half a tile later, wrapping around")
    func chessboard() {
        let tiling = Overlay.tiling(
            of: PixelSize(width: 40, height: 20),
            spacing: PixelPoint(x: 0, y: 0),
            isChessboard: true,
            on: canvas,
            devicePixelRatio: 1
        )
        #expect(tiling.cell == PixelSize(width: 40, height: 40))
        #expect(tiling.copies == [PixelPoint(x: 0, y: 0), PixelPoint(x: 20, y: 20), PixelPoint(x: -20, y: 20)])
    }

    @Test("tiles cover every canvas and keep one whole tile in its middle", arguments: [1, 2, 3] as [UInt64])
    func coverage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            func size(_ most: Int) -> PixelSize {
                PixelSize(width: .random(in: 1...most, using: &random), height: .random(in: 1...most, using: &random))
            }
            let canvas = size(2_000)
            let own = size(700)
            let spacing = PixelPoint(x: .random(in: 0...300, using: &random), y: .random(in: 0...300, using: &random))
            let tiling = Overlay.tiling(
                of: own,
                spacing: spacing,
                isChessboard: .random(using: &random),
                on: canvas,
                devicePixelRatio: .random(in: 0.1...4, using: &random)
            )
            #expect(tiling.origin.x >= 0 && tiling.origin.y >= 0, "\(seed)")
            #expect(tiling.origin.x + canvas.width <= tiling.columns * tiling.cell.width, "\(seed)")
            #expect(tiling.origin.y + canvas.height <= tiling.rows * tiling.cell.height, "\(seed)")
            // One more column or row than needed for covering would be waste.
            #expect((tiling.columns - 1) * tiling.cell.width < tiling.origin.x + canvas.width, "\(seed)")
            // A cell's first copy lies in the middle, to within the pixel lost in halving.
            let place = (canvas.width - own.width) / 2 + tiling.origin.x
            let distance = ((place - tiling.copies[0].x) % tiling.cell.width + tiling.cell.width) % tiling.cell.width
            #expect(min(distance, tiling.cell.width - distance) <= 1, "\(seed): \(canvas) \(own) \(tiling)")
        }
    }
}
