import Glibc
import NIOCore

/// A regular file that is open for reading; closed when nobody holds it.
final class OpenFile: Sendable {
    /// Bytes when it was opened.
    let size: Int
    /// Changes when the file is written or replaced.
    let entityTag: String
    private let descriptor: Int32

    /// Opens `root/segments…` without following a link below `root`.
    init(root: String, segments: [String]) throws(SourceError) {
        // SAFETY: the string lives through the call, which does not keep the pointer.
        var current = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, segment) in segments.enumerated() where current >= 0 {
            let isLast = index == segments.count - 1
            // Without O_NONBLOCK the opening of a pipe would wait for a writer.
            let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (isLast ? O_NONBLOCK : O_DIRECTORY)
            // SAFETY: as above.
            let next = unsafe openat(current, segment, flags)
            let failure = errno
            close(current)
            current = next
            errno = failure
        }
        guard current >= 0 else { throw Self.error(of: errno) }
        var status = stat()
        // SAFETY: `fstat` fills the structure that it is given.
        let isKnown = unsafe fstat(current, &status) == 0
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
            close(current)
            throw .notFound
        }
        descriptor = current
        size = Int(status.st_size)
        entityTag = "\"\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)\""
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes, or `nil` at the end; not for several callers at once.
    func read(atMost count: Int) throws(SourceError) -> ByteBuffer? {
        var buffer = ByteBuffer()
        var outcome = 0
        var failure: Int32 = 0
        repeat {
            // SAFETY: `read` writes at most `count` bytes into the space of at least `count` that the buffer lends.
            _ = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                outcome = unsafe Glibc.read(descriptor, space.baseAddress, count)
                failure = errno
                return max(0, outcome)
            }
        } while outcome < 0 && failure == EINTR
        guard outcome >= 0 else { throw Self.error(of: failure) }
        return outcome == 0 ? nil : buffer
    }

    private static func error(of number: Int32) -> SourceError {
        switch number {
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EISDIR, ENXIO: .notFound
        case EACCES, EPERM: .accessDenied
        default: .storage("errno \(number)")
        }
    }
}
