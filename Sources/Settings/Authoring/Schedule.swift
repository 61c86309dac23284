/// When a rule or all rules of a setting count (`x-schedule`).
package struct Schedule: Equatable, Sendable {
    /// Milliseconds since 1970, inclusive; `nil` for always before.
    package let from: Int64?
    /// Milliseconds since 1970, exclusive; `nil` for ever.
    package let until: Int64?

    package init(from: Int64?, until: Int64?) {
        self.from = from
        self.until = until
    }

    /// Whether a moment (milliseconds since 1970) is inside.
    @inline(__always)
    package func contains(_ milliseconds: Int64) -> Bool {
        if let from, milliseconds < from { return false }
        if let until, milliseconds >= until { return false }
        return true
    }

    /// The next moment after this one at which `contains` may change.
    package func nextChange(after milliseconds: Int64) -> Int64? {
        if let from, milliseconds < from { return from }
        if let until, milliseconds < until { return until }
        return nil
    }
}
