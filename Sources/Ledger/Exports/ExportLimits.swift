/// What an export may be at most.
enum ExportLimits {
    static let manifestBytes = 4 << 20
    static let parts = 10_000
    /// Bytes of one part.
    static let partBytes = 16 << 30
    /// Bytes of one line, without the line feed.
    static let lineBytes = 4_096
    /// Bytes of an id or a content type.
    static let textBytes = 256
    static let statusBytes = 64
    /// The greatest whole number that is exact in JSON.
    static let number = 1 << 53
    /// Rows of one batch.
    static let batchRows = 100_000
}
