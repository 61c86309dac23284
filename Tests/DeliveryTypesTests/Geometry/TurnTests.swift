import DeliveryTypes
import Testing

@Suite("Turn")
struct TurnTests {
    @Test("the eight EXIF orientations put the stored corner where CIPA DC-008 says")
    func exif() {
        // Orientation → where the stored picture's top-left corner is seen.
        let corners: [Int: Gravity.Anchor] = [
            1: .northWest, 2: .northEast, 3: .southEast, 4: .southWest,
            5: .northWest, 6: .northEast, 7: .southEast, 8: .southWest,
        ]
        for (orientation, corner) in corners {
            let turn = Turn(exifOrientation: orientation)
            #expect(turn.undone(on: Gravity(corner)).anchor == .northWest, "orientation \(orientation)")
            #expect(turn.swapsAxes == (orientation >= 5))
        }
        #expect(Turn(exifOrientation: 0) == .none)
        #expect(Turn(exifOrientation: 9) == .none)
    }

    @Test("the stored left edge is seen where CIPA DC-008 says")
    func leftEdge() {
        let edges: [Int: Gravity.Anchor] = [
            1: .west, 2: .east, 3: .east, 4: .west, 5: .north, 6: .north, 7: .south, 8: .south,
        ]
        for (orientation, edge) in edges {
            #expect(Turn(exifOrientation: orientation).undone(on: Gravity(edge)).anchor == .west)
        }
    }

    @Test("turns compose: doing one after the other equals their combination")
    func composition() {
        let all = (1...8).map { Turn(exifOrientation: $0) }
        let point = Gravity(.focusPoint, x: 0.1, y: 0.3)
        for turn in all {
            for degrees in [0, 90, 180, 270, 360, -90, 450] {
                let rotation = Turn.none.rotated(degrees: degrees)
                let both = turn.rotated(degrees: degrees).undone(on: point)
                let oneByOne = turn.undone(on: rotation.undone(on: point))
                #expect(abs(both.x - oneByOne.x) < 1e-12 && abs(both.y - oneByOne.y) < 1e-12)
            }
            let flips = [turn.flippedHorizontally(), turn.flippedVertically()]
            let mirrored = [Gravity(.focusPoint, x: 0.9, y: 0.3), Gravity(.focusPoint, x: 0.1, y: 0.7)]
            for (flip, mirror) in zip(flips, mirrored) {
                let both = flip.undone(on: point)
                let oneByOne = turn.undone(on: mirror)
                #expect(abs(both.x - oneByOne.x) < 1e-12 && abs(both.y - oneByOne.y) < 1e-12)
            }
        }
    }

    @Test("a gravity's offsets keep pointing inwards from their edge when undone")
    func offsets() {
        // Seen after a clockwise quarter turn: north-east corner, 10 to the left and 20 down from it. Stored, that
        // corner is the north-west one, 20 to the right and 10 down.
        let turn = Turn(exifOrientation: 6)
        #expect(turn.undone(on: Gravity(.northEast, x: 10, y: 20)) == Gravity(.northWest, x: 20, y: 10))
        // The middle's offsets point right and down, so a half turn negates both.
        #expect(Turn(exifOrientation: 3).undone(on: Gravity(.center, x: 3, y: -4)) == Gravity(.center, x: -3, y: 4))
        #expect(Turn(exifOrientation: 2).undone(on: Gravity(.north, x: 3, y: 4)) == Gravity(.north, x: -3, y: 4))
        #expect(Turn(exifOrientation: 6).undone(on: Gravity(.smart)) == Gravity(.smart))
    }
}
