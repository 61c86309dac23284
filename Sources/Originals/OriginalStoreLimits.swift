/// How much Originals takes and keeps in memory.
package struct OriginalStoreLimits: Hashable, Sendable {
    /// The largest upload, in bytes.
    package var bytesMax = 128 << 20
    /// The records held in memory; each is about 500 bytes.
    package var recordsMax = 10_000
    /// How long a record in memory is believed, hence how long another process's change of visibility may go unseen.
    package var recordLifetime: Duration = .seconds(10)
    /// How long an abandoned upload's file is left alone: longer than any upload takes.
    package var staleAfter: Duration = .seconds(6 * 3600)

    package init() {}
}
