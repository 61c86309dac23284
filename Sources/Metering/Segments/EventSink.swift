package import NIOCore

/// Where projected events go: the seam between intake and the segments.
package protocol EventSink: Sendable {
    /// Returns when the lines are on the disk. `lines` are `count` whole lines, each with its line feed.
    ///
    /// May be called from any number of tasks at once, also on an event loop: nothing of it blocks. The lines of one
    /// call stay together and in order. After an error they may be kept or not; `busy`, `full` and `closed` say that
    /// they are not.
    ///
    /// - Throws: `busy` at once when too much waits, `full`, `disk`, `closed`.
    func append(_ lines: ByteBuffer, count: Int) async throws(MeteringError)
}
