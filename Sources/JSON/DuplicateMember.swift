/// A key that an object has twice; the last one counts.
package struct DuplicateMember: Equatable, Sendable {
    package let key: ExactString
    /// The keys and indices from the root to the object.
    package let path: [ExactString]
    /// Where the repeated key stands: lines and bytes from 1, offset in bytes from 0.
    package let line: Int
    package let column: Int
    package let offset: Int
}
