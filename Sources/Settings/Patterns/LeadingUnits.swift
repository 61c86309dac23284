/// The units that a match can start with.
struct LeadingUnits: Sendable {
    /// Of ASCII; all others can always start one.
    private var ascii: UnitSet
    /// Whether a match can start without reading one, so that nothing is known.
    private let isOpen: Bool

    /// Whether a match can start at the text's start only.
    let isAnchored: Bool

    init(of node: PatternNode, ignoresCase: Bool) {
        isAnchored = Self.isAnchored(node)
        if let set = Self.first(node, ignoresCase: ignoresCase) {
            ascii = set
            isOpen = false
        } else {
            ascii = UnitSet()
            isOpen = true
        }
    }

    @inline(__always)
    func allows(_ unit: UInt16?) -> Bool {
        if isOpen { return true }
        guard let unit else { return false }
        return unit >= 128 || ascii.contains(unit)
    }

    private static func isAnchored(_ node: PatternNode) -> Bool {
        switch node {
        case .start: true
        case .sequence(let nodes): nodes.first.map(isAnchored) ?? false
        case .alternatives(let options): options.allSatisfy(isAnchored)
        case .capture(_, let node): isAnchored(node)
        default: false
        }
    }

    /// `nil` when unknown.
    private static func first(_ node: PatternNode, ignoresCase: Bool) -> UnitSet? {
        switch node {
        case .unit(let unit):
            let unit = ignoresCase ? UnitCase.canonical(unit) : unit
            return UnitSet(ranges: [unit...unit])
        case .any: return UnitSet(ranges: [0...0xFFFF])
        case .set(let set): return UnitSet(ranges: (ignoresCase ? set.canonical : set).ranges)
        case .sequence(let nodes):
            for node in nodes {
                switch node {
                case .start, .end, .boundary, .look: continue
                default: return first(node, ignoresCase: ignoresCase)
                }
            }
            return nil
        case .alternatives(let options):
            var ranges: [ClosedRange<UInt16>] = []
            for option in options {
                guard let set = first(option, ignoresCase: ignoresCase) else { return nil }
                ranges += set.ranges
            }
            return UnitSet(ranges: ranges)
        case .capture(_, let node): return first(node, ignoresCase: ignoresCase)
        case .repeated(let node, let min, _, _, _): return min > 0 ? first(node, ignoresCase: ignoresCase) : nil
        case .start, .end, .boundary, .look, .back: return nil
        }
    }
}
