/// An object, or a range of one, on its way out of a store.
package struct StoredObject: Sendable {
    /// Of the whole object; `metadata.size` is not the range's length.
    package var metadata: ObjectMetadata
    /// The bytes that `body` gives: all of them, or what was asked for cut off at the object's end.
    package var range: Range<Int>
    package var body: ObjectBytes

    package init(metadata: ObjectMetadata, range: Range<Int>, body: ObjectBytes) {
        self.metadata = metadata
        self.range = range
        self.body = body
    }
}
