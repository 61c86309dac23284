import JSON

/// A contextual bandit as one experiment uses it: which weights a user gets is decided by the first leaf whose
/// condition holds.
struct BanditRow: Sendable {
    struct Leaf: Sendable {
        let id: JSONValue
        /// −1 for everyone.
        let condition: Int32
        let weights: JSONValue
        let spans: Range<Int32>
        let hasMalformedSpans: Bool
        /// A leaf without a number or with other weights than one for each variation counts as none.
        let isUsable: Bool
    }

    /// In place of a leaf's index: no leaf holds, the rule's own weights count.
    static let fallback: Int32 = -1
    /// In place of a leaf's index: the experiment has no bandit.
    static let none: Int32 = -2

    let leaves: [Leaf]
    /// What is reported with ``fallback``.
    let ownWeights: JSONValue
    let version: JSONValue?
}
