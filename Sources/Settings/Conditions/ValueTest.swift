import JSON

/// A condition on one value, compiled.
indirect enum ValueTest: Sendable {
    case text(ExactString)
    /// Lower-cased.
    case foldedText(ExactString)
    case number(Double)
    case flag(Bool)
    case null
    /// Equal as JSON text.
    case sameText(JSONValue)
    case every([ValueTest])
    case version(VersionOrder, [UInt16])
    case identical(JSONValue, expected: Bool)
    case less(JSONValue)
    case lessOrEqual(JSONValue)
    case greater(JSONValue)
    case greaterOrEqual(JSONValue)
    case exists(Bool)
    case member(MemberSet, expected: Bool)
    /// Of a group that is a text: a part of it.
    case part(ExactString, expected: Bool)
    /// Of a group that is no list: throws, except for no elements.
    case ofNoList(expected: Bool)
    case not(ValueTest)
    case size(ValueTest)
    /// An element that is not falsy and satisfies it.
    case element(ValueTest)
    case elementObject(ConditionTree)
    /// For an array, JavaScript throws.
    case elementOfNothing
    /// Each has an element.
    case elements([ValueTest])
    case pattern(Pattern)
    case type(ExactString)
    case never
}
