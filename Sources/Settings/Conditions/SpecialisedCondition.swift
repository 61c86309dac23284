package import JSON

/// What is left of a condition when some attributes are known.
package enum SpecialisedCondition: Equatable, Sendable {
    case always
    case never
    case remaining(JSONValue)
}
