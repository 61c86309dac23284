/// Which part of a picture matters when some of it has to go, or where something is put.
///
/// Offsets move the anchored rectangle away from its edge: |value| ≥ 1 is pixels (scaled by `dpr`), below 1 a share of
/// the picture's side, as in imgproxy. For `focusPoint`, `x` and `y` are the point itself in 0…1; `smart` ignores them.
package struct Gravity: Hashable, Sendable, Codable {
    package enum Anchor: String, Hashable, Sendable, Codable, CaseIterable {
        case center = "ce"
        case north = "no"
        case south = "so"
        case east = "ea"
        case west = "we"
        case northEast = "noea"
        case northWest = "nowe"
        case southEast = "soea"
        case southWest = "sowe"
        case smart = "sm"
        case focusPoint = "fp"
    }

    package var anchor: Anchor
    package var x: Double
    package var y: Double

    package init(_ anchor: Anchor = .center, x: Double = 0, y: Double = 0) {
        self.anchor = anchor
        self.x = x
        self.y = y
    }
}
