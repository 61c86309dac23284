/// A segment that gets no more lines, and is to be sealed.
struct ClosedSegment: Sendable {
    /// A file of its lines.
    struct Part: Hashable, Sendable {
        var part: UInt32
        /// Bytes that were acknowledged; `nil` if an earlier process wrote them: then the checksums tell.
        var end: Int?
    }

    let home: NodeFolder
    let number: UInt64
    /// In the order of the lines.
    let parts: [Part]
    /// Bytes of its files.
    let bytes: Int

    var name: String { home.describe(number) }
}
