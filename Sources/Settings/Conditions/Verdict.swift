/// What came out of evaluating a part of a condition.
enum Verdict: UInt8, Sendable {
    /// Not evaluated yet.
    case unknown
    case no
    case yes
    /// JavaScript would throw here: the whole condition is false.
    case fails

    init(_ holds: Bool) { self = holds ? .yes : .no }

    /// As above; `nil` is a conversion that throws.
    init(_ holds: Bool?) {
        guard let holds else {
            self = .fails
            return
        }
        self = holds ? .yes : .no
    }

    /// The opposite; a failure stays one.
    var negated: Verdict {
        switch self {
        case .no: .yes
        case .yes: .no
        case .unknown, .fails: self
        }
    }
}
