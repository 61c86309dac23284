/// The segments between the open one and the store, and what is known of their way.
struct SegmentBacklog {
    /// Oldest first: to be sealed.
    private(set) var closed: [(order: Int, segment: ClosedSegment)] = []
    /// Oldest first: to be shipped.
    private(set) var sealed: [(order: Int, segment: SealedSegment)] = []
    private(set) var stuck: [(order: Int, segment: StuckSegment)] = []
    /// How many segments were lined up; each has the number that this was then.
    private(set) var lastOrder = 0

    /// Segments of all kinds.
    var count: Int { closed.count + sealed.count + stuck.count }

    /// Bytes of their files.
    var bytes: Int {
        closed.reduce(0) { $0 + $1.segment.bytes } + sealed.reduce(0) { $0 + $1.segment.bytes }
            + stuck.reduce(0) { $0 + $1.segment.segment.bytes }
    }

    mutating func add(_ segment: ClosedSegment) {
        lastOrder += 1
        closed.append((lastOrder, segment))
    }

    mutating func add(_ segment: SealedSegment) {
        lastOrder += 1
        sealed.append((lastOrder, segment))
    }

    mutating func add(_ segment: StuckSegment) {
        lastOrder += 1
        stuck.append((lastOrder, segment))
    }

    /// The oldest closed segment was sealed.
    mutating func sealFirst(as segment: SealedSegment) {
        let order = closed.removeFirst().order
        let place = sealed.firstIndex { $0.order > order } ?? sealed.count
        sealed.insert((order, segment), at: place)
    }

    /// The oldest closed segment cannot be sealed.
    mutating func stickFirstClosed(_ error: MeteringError) {
        let (order, segment) = closed.removeFirst()
        stuck.append((order, StuckSegment(segment: segment, error: error)))
    }

    /// A sealed segment was shipped.
    mutating func ship(_ order: Int) { sealed.removeAll { $0.order == order } }

    /// A sealed segment is damaged or has a stranger in its place.
    ///
    /// If the damage is to be salvaged, it is sealed again without lines.
    mutating func stick(_ order: Int, _ error: MeteringError, salvages: Bool) {
        guard let place = sealed.firstIndex(where: { $0.order == order }) else { return }
        let segment = sealed.remove(at: place).segment
        let lost = ClosedSegment(home: segment.home, number: segment.number, parts: [], bytes: segment.bytes)
        if salvages, case .damaged = error {
            closed.append((order, lost))
        } else {
            stuck.append((order, StuckSegment(segment: lost, error: error)))
        }
    }

    /// Whether anything is closed that was lined up as `order` or before.
    func isToBeSealed(through order: Int) -> Bool { closed.contains { $0.order <= order } }

    /// Whether everything is in the store that was lined up as `order` or before.
    func isShipped(through order: Int) -> Bool {
        closed.allSatisfy { $0.order > order } && sealed.allSatisfy { $0.order > order }
            && stuck.allSatisfy { $0.order > order }
    }
}
