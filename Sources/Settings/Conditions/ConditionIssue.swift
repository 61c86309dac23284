package import JSON

/// Something in a condition that its author did not mean.
package struct ConditionIssue: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Not an object, or an operand of a type that its operator can do nothing with.
        case wrongType(expected: String)
        /// An operator that does not exist: always false.
        case unknownOperator
        /// A regular expression that JavaScript refuses, or one we do: always false.
        case badPattern(PatternError)
        /// A saved group that is not in the project: empty.
        case unknownGroup(ExactString)
        /// Operators beside plain keys in one object: compared as a plain object.
        case mixedOperators
    }

    package let kind: Kind
    /// The keys and indices from the condition's root, such as `["$or", "1", "country", "$regex"]`.
    package let path: [ExactString]
}
