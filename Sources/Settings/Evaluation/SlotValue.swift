/// What an attribute that is hashed is, in one request.
struct SlotValue: Sendable {
    enum State: UInt8, Sendable {
        case unresolved
        /// Missing, or falsy: not hashed.
        case empty
        case present
        /// The reference throws.
        case malformed
    }

    var state = State.unresolved
    /// A number or a boolean: added to a numeric seed as a number.
    var isNumeric = false
    /// FNV-1a over the value's units.
    var hash: UInt32 = 0
    /// Into ``EvaluationScratch/units``.
    var start: Int32 = 0
    var end: Int32 = 0
}
