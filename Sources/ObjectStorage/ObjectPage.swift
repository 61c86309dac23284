/// A part of a listing.
package struct ObjectPage: Hashable, Sendable {
    /// In the order of their keys' bytes.
    package var objects: [ObjectMetadata]
    /// Pass it as `after` for the next page, which may be empty; `nil` if this page is the last.
    package var next: ObjectKey?

    package init(objects: [ObjectMetadata], next: ObjectKey?) {
        self.objects = objects
        self.next = next
    }
}
