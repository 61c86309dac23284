/// Where a value stands in the text it was read from, parallel to the value: an array's element `i` has `children[i]`,
/// an object's member `i` (authored order) too.
package struct JSONExtent: Equatable, Sendable {
    /// Byte offsets, without the white space around.
    package let range: Range<Int>
    package let children: [JSONExtent]
}
