/// A seam for tests: what happens before each step of the file store.
package struct FileFaults: Sendable {
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case makeFolder
        case create
        case write
        case synchronizeFile
        /// Making a second name for a file.
        case link
        case rename
        case synchronizeFolder
        case remove
        case read
    }

    /// Returns the `errno` with which the step shall fail without being done; `nil` to let it happen.
    package var before: @Sendable (Step) -> Int32?

    package init(before: @escaping @Sendable (Step) -> Int32?) {
        self.before = before
    }

    /// Nothing is in the way.
    package static let none = FileFaults { _ in nil }
}
