/// Some lines of an export on their way into the queue.
struct ExportBatch: Hashable, Sendable {
    /// Its place in the export, from 0.
    var position: Int
    var table: ExportTable
    var rows: Int
    /// Lines of CSV, each with its line feed.
    var lines: [UInt8]
}
