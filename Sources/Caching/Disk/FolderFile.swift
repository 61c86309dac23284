import Glibc
import NIOCore

/// A segment file of a real folder.
final class FolderFile: SegmentFile {
    let descriptor: Int32

    /// The kernel takes so many pieces at once.
    private static let piecesMax = 1024

    /// `descriptor` becomes the file's.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // The result is of no use: on Linux the descriptor is gone whatever it says, and writers have synchronised.
        _ = close(descriptor)
    }

    func size() throws(DiskFailure) -> Int {
        var status = stat()
        // SAFETY: `status` is a local of the type that fstat fills in.
        guard unsafe fstat(descriptor, &status) == 0 else { throw DiskFailure(call: "fstat", code: errno) }
        return Int(status.st_size)
    }

    func read(_ count: Int, at offset: Int) throws(DiskFailure) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        while buffer.readableBytes < count {
            let wanted = count - buffer.readableBytes
            let position = off_t(offset + buffer.readableBytes)
            var code: Int32 = 0
            // SAFETY: the buffer has room for at least `wanted` bytes, and pread writes no more than that.
            let got = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { room in
                let result = unsafe pread(descriptor, room.baseAddress, wanted, position)
                if result < 0 { code = errno }
                return max(0, result)
            }
            if code == EINTR { continue }
            if code != 0 { throw DiskFailure(call: "pread", code: code) }
            if got == 0 { break }
        }
        return buffer
    }

    func write(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) -> Int {
        // SAFETY: each pointer stays valid as long as the storage of its buffer, which `pieces` holds until the end of
        // `withExtendedLifetime`; nothing changes the buffers meanwhile, and the kernel only reads them.
        let vectors = unsafe pieces.prefix(Self.piecesMax).map { piece in
            unsafe piece.withUnsafeReadableBytesWithStorageManagement { bytes, _ in
                unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            }
        }
        let (written, code) = withExtendedLifetime(pieces) {
            while true {
                // SAFETY: as above.
                let written = unsafe pwritev(descriptor, vectors, Int32(vectors.count), off_t(offset))
                let code = errno
                if written >= 0 || code != EINTR { return (written, code) }
            }
        }
        guard written > 0 else { throw DiskFailure(call: "pwritev", code: written == 0 ? EIO : code) }
        return written
    }

    func truncate(to size: Int) throws(DiskFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw DiskFailure(call: "ftruncate", code: errno) }
    }

    func synchronize() throws(DiskFailure) {
        guard fdatasync(descriptor) == 0 else { throw DiskFailure(call: "fdatasync", code: errno) }
    }
}
