/// The folder of a disk tier: a seam, so that tests can have a disk that fails.
///
/// Names are single segments. Every verb may block; none is called on an event loop or the cooperative pool.
package protocol SegmentFiles: Sendable {
    /// Makes the folder if need be, and takes it for this process; harmless if both are done already.
    ///
    /// - Returns: `false` if another process has it.
    func claim() throws(DiskFailure) -> Bool

    /// Lets another process have the folder.
    func release()

    /// The names of all files there, in any order.
    func names() throws(DiskFailure) -> [String]

    /// Makes a new file; `EEXIST` if there is one.
    func create(_ name: String) throws(DiskFailure) -> any SegmentFile

    /// Opens a file for reading, and for writing if it may.
    func open(_ name: String) throws(DiskFailure) -> any SegmentFile

    /// Removes a file's name; success if it has none.
    func remove(_ name: String) throws(DiskFailure)

    /// Returns when the names of all files made before are on the disk.
    func synchronizeNames() throws(DiskFailure)

    /// What is free on the file system for this process, in bytes.
    func freeBytes() throws(DiskFailure) -> Int
}
