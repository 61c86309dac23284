/// Where a `LocalUsageLog` is and how much it holds.
package struct UsageLogSettings: Sendable {
    /// The log's folder, such as `DATA/usage`; nothing else is kept there.
    package var folder: String
    /// Bytes of one segment, after which the next begins; a segment is longer by at most one group.
    package var segmentBytes = 16 << 20
    /// Bytes of all segments; what does not fit is refused.
    package var bytesMax = 1 << 30
    /// Bytes that may wait to be written; more is refused.
    package var waitingBytesMax = 16 << 20
    /// Bytes that stay free on the file system.
    package var freeBytesMin = 256 << 20

    package init(folder: String) { self.folder = folder }
}
