/// How the second endpoint's document stands to the one that was answered here.
package enum ShadowVerdict: Equatable, Sendable {
    case equal
    /// The settings that differ or that only one side has, by name, in no particular order; never empty.
    case differing([String])
    /// One of them is no JSON object.
    case notComparable
}
