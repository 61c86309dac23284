/// One of the eight ways to turn a picture by quarter turns and mirroring.
///
/// EXIF orientation, the URL's rotation and its flips combine into one turn, so that a picture is moved in memory at
/// most twice: first rotated clockwise by `quarterTurns` × 90°, then mirrored left to right if `isMirrored`.
package struct Turn: Hashable, Sendable {
    /// Clockwise quarter turns, 0…3.
    package private(set) var quarterTurns: Int
    /// Whether left and right are exchanged after the rotation.
    package private(set) var isMirrored: Bool

    /// The turn that leaves everything in place.
    package static let none = Turn(quarterTurns: 0, isMirrored: false)

    package init(quarterTurns: Int, isMirrored: Bool) {
        self.quarterTurns = ((quarterTurns % 4) + 4) % 4
        self.isMirrored = isMirrored
    }

    /// What brings a picture with this EXIF orientation (CIPA DC-008, tag 0x0112) upright.
    ///
    /// Values outside 1…8 count as 1, as browsers do.
    package init(exifOrientation: Int) {
        switch exifOrientation {
        case 2: self.init(quarterTurns: 0, isMirrored: true)
        case 3: self.init(quarterTurns: 2, isMirrored: false)
        case 4: self.init(quarterTurns: 2, isMirrored: true)
        case 5: self.init(quarterTurns: 1, isMirrored: true)
        case 6: self.init(quarterTurns: 1, isMirrored: false)
        case 7: self.init(quarterTurns: 3, isMirrored: true)
        case 8: self.init(quarterTurns: 3, isMirrored: false)
        default: self.init(quarterTurns: 0, isMirrored: false)
        }
    }

    /// The clockwise angle in degrees: 0, 90, 180 or 270.
    package var degrees: Int { quarterTurns * 90 }

    /// Whether width and height change places.
    package var swapsAxes: Bool { quarterTurns % 2 == 1 }

    /// This turn followed by a clockwise rotation; angles are rounded down to quarter turns.
    package func rotated(degrees: Int) -> Turn {
        let quarters = degrees / 90 % 4
        return Turn(quarterTurns: quarterTurns + (isMirrored ? -quarters : quarters), isMirrored: isMirrored)
    }

    /// This turn followed by exchanging left and right.
    package func flippedHorizontally() -> Turn {
        Turn(quarterTurns: quarterTurns, isMirrored: !isMirrored)
    }

    /// This turn followed by exchanging top and bottom, which is a half turn and a mirroring.
    package func flippedVertically() -> Turn {
        Turn(quarterTurns: quarterTurns + 2, isMirrored: !isMirrored)
    }

    /// A size's measure after the turn; applying it twice gives the size back.
    package func applied(to size: PixelSize) -> PixelSize { swapsAxes ? size.transposed : size }

    /// The gravity which in the picture *before* the turn means what `gravity` means after it.
    package func undone(on gravity: Gravity) -> Gravity {
        switch gravity.anchor {
        case .smart: return gravity
        case .focusPoint:
            let (x, y) = undone(x: gravity.x - 0.5, y: gravity.y - 0.5)
            return Gravity(.focusPoint, x: x + 0.5, y: y + 0.5)
        default:
            let (horizontal, vertical) = gravity.anchor.direction
            // Offsets count from the anchored edge inwards; as a direction in the picture they point right and down.
            let offset = undone(
                x: horizontal > 0 ? -gravity.x : gravity.x,
                y: vertical > 0 ? -gravity.y : gravity.y
            )
            let (anchorX, anchorY) = undone(x: Double(horizontal), y: Double(vertical))
            return Gravity(
                Gravity.Anchor(horizontal: Int(anchorX), vertical: Int(anchorY)),
                x: anchorX > 0 ? -offset.x : offset.x,
                y: anchorY > 0 ? -offset.y : offset.y
            )
        }
    }

    private func undone(x: Double, y: Double) -> (x: Double, y: Double) {
        let x = isMirrored ? -x : x
        switch quarterTurns {
        case 1: return (y, -x)
        case 2: return (-x, -y)
        case 3: return (-y, x)
        default: return (x, y)
        }
    }
}

extension Gravity.Anchor {
    /// Towards which edges the anchor lies: −1 is left or top, 1 right or bottom, 0 the middle.
    ///
    /// Smart gravity and the focus point have no edge.
    var direction: (horizontal: Int, vertical: Int) {
        switch self {
        case .center, .smart, .focusPoint: (0, 0)
        case .north: (0, -1)
        case .south: (0, 1)
        case .east: (1, 0)
        case .west: (-1, 0)
        case .northEast: (1, -1)
        case .northWest: (-1, -1)
        case .southEast: (1, 1)
        case .southWest: (-1, 1)
        }
    }

    /// The inverse of `direction` for the nine edges, corners and the middle.
    init(horizontal: Int, vertical: Int) {
        switch (horizontal.signum(), vertical.signum()) {
        case (0, -1): self = .north
        case (0, 1): self = .south
        case (1, 0): self = .east
        case (-1, 0): self = .west
        case (1, -1): self = .northEast
        case (-1, -1): self = .northWest
        case (1, 1): self = .southEast
        case (-1, 1): self = .southWest
        default: self = .center
        }
    }
}
