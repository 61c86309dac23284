/// A place between two events of a `LocalUsageLog`; places are ordered as the events were written.
package struct UsagePosition: Hashable, Comparable, Sendable {
    /// The segment's number, from 1 on.
    package var segment: UInt32
    /// Bytes from the segment's begin.
    package var offset: Int

    package init(segment: UInt32, offset: Int) {
        self.segment = segment
        self.offset = offset
    }

    package static func < (left: UsagePosition, right: UsagePosition) -> Bool {
        (left.segment, left.offset) < (right.segment, right.offset)
    }
}
