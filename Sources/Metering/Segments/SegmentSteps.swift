/// A seam for tests: what happens after each step of a segment's way.
package struct SegmentSteps: Sendable {
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case partBegun
        case groupWritten
        case groupSynchronized
        case segmentClosed
        case bodyWritten
        case manifestWritten
        case sealedNamesKept
        case partsRemoved
        case objectPut
        case manifestPut
        case markerWritten
        case bodyRemoved
        case manifestRemoved
        case requestAnswered
    }

    package var after: @Sendable (Step) -> Void

    package init(after: @escaping @Sendable (Step) -> Void) {
        self.after = after
    }

    /// Nobody looks.
    package static let none = SegmentSteps { _ in }
}
