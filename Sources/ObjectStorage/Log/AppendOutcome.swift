package import NIOCore

/// What became of an append to a `NumberedLog`.
package enum AppendOutcome: Hashable, Sendable {
    /// The entry is the log's, whole and for good.
    case appended
    /// Somebody else's entry has the number; these are its bytes.
    case taken(by: ByteBuffer)
}
