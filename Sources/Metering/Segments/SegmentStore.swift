package import Caching
package import NIOCore
package import ObjectStorage
package import ServiceLifecycle

/// Lines of events on this node's disk, and their way into the object store.
///
/// **Promises.** When `append` has returned, its lines survive `kill -9` and a loss of power, and reach the store in
/// the order in which they were written, each exactly once: as the object of one segment and one manifest, which are
/// the same bytes under the same number however often shipping was interrupted. While the store is away, lines are
/// taken up to a budget of disk. **Costs** one write and one `fdatasync` for all calls that wait; compression and
/// hashing run on a thread of their own. **Fails** with `busy` or `full` rather than losing or waiting, and names what
/// it cannot ship: a damaged file, or another segment under its number in the store.
package final class SegmentStore: EventSink, Service {
    /// The name under which segments are shipped.
    package let node: String

    /// Opens the collector's folder, which is made if need be and taken for this process; cuts torn ends off, and lines
    /// up for shipping what an earlier process has left, also under other nodes' names.
    ///
    /// - Parameters:
    ///   - folder: Such as `DATA/usage/collector`; nothing else is kept there.
    ///   - node: This node's name; `nil` for the one that is kept in the folder, or else `newNode()`, kept from then on.
    ///   - files: Gives a folder by its path; real ones if not told otherwise.
    /// - Throws: `taken`, `invalidNode`, `disk`, and `store` where a named node's folder is new and the store does not
    ///   say which numbers are taken.
    package static func open(
        folder: String,
        node: String?,
        store: any ObjectStore,
        settings: SegmentSettings = SegmentSettings(),
        newNode: @escaping @Sendable () -> String,
        clock: any Clock<Duration> = ContinuousClock(),
        files: @escaping @Sendable (String) -> any SegmentFiles = { FolderFiles(path: $0) }
    ) async throws(MeteringError) -> SegmentStore {
        throw .closed
    }

    private init(node: String) {
        self.node = node
    }

    package func append(_ lines: ByteBuffer, count: Int) async throws(MeteringError) {
        throw .closed
    }

    /// Seals by age and on request, and ships, until the task is cancelled or the service group shuts down.
    ///
    /// Then it takes no more lines, seals, ships what it can in `settings.shutdownMax`, and closes. Called once.
    package func run() async throws {
    }

    /// Seals everything that was acknowledged before the call, and ships it.
    ///
    /// - Throws: `store`, `disk`, `damaged`, `foreign` or `closed`: then some of it is still on the disk.
    package func sealAndShip() async throws(MeteringError) {
        throw .closed
    }

    /// Waits for what is under way and lets go of the folder; `run` does so itself. Idempotent.
    package func close() async {
    }

    package var statistics: SegmentStatistics { SegmentStatistics() }
}
