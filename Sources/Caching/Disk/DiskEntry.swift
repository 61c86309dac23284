/// What the index knows of a record without touching the disk.
package struct DiskEntry: Hashable, Sendable {
    package var key: EntryKey
    /// Length of the body in bytes.
    package var bodyBytes: Int
    /// Length of name and metadata together in bytes.
    package var headBytes: Int
    /// Whether it waits in memory to be written; a read of it costs no disk access.
    package var isPending: Bool
}
