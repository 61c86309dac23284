/// A text read with the places of its values, for splicing authored spelling and for telling authors where.
package struct JSONDocument: Sendable {
    package let root: JSONValue
    package let extent: JSONExtent
    /// In the order of the text; at most ``JSONLimits/duplicatesMax`` of them.
    package let duplicates: [DuplicateMember]
}
