package import NIOCore

/// An open segment file: a seam, so that tests can have a disk that fails.
///
/// Closed when the last reference goes.
package protocol SegmentFile: AnyObject, Sendable {
    var descriptor: Int32 { get }

    /// The file's length in bytes.
    func size() throws(DiskFailure) -> Int

    /// Up to `count` bytes from `offset` on; fewer only at the file's end.
    func read(_ count: Int, at offset: Int) throws(DiskFailure) -> ByteBuffer

    /// Writes `pieces` one behind the other from `offset` on; how many bytes got there, at least one.
    ///
    /// May write less than all: the caller goes on from there.
    func write(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) -> Int

    func truncate(to size: Int) throws(DiskFailure)

    /// Returns when everything written is on the disk.
    func synchronize() throws(DiskFailure)
}
