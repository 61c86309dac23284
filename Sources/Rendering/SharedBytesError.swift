/// Why bytes could not be shared with the workers.
package enum SharedBytesError: Error, Equatable, Sendable {
    case notFound
    /// Not a regular file.
    case notAFile
    /// More than the writer's limit, in bytes.
    case tooLarge(limit: Int)
    /// The file changed meanwhile, or a range lies outside.
    case outOfRange
    /// No memory, no descriptors, no permission, a broken disk.
    case system(SystemError)
}
