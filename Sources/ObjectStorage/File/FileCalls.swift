import Glibc
import NIOCore

/// The few calls to the operating system that the file store is built from, each behind the seam of `FileFaults`.
///
/// Names are single segments below an open folder, and no symbolic link is ever followed below the root: a link that
/// leads outside cannot be read or written through, however it came to be there.
struct FileCalls: Sendable {
    var faults: FileFaults = .none

    typealias Failure = SystemCallFailure

    /// Opens a folder by its path; the only call that follows symbolic links (the root may be one).
    func openFolder(path: String) throws(Failure) -> OpenFile {
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        try opened("open", unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    func openFolder(named name: String, in folder: OpenFile) throws(Failure) -> OpenFile {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        // SAFETY: as above.
        return try opened("openat", unsafe openat(folder.descriptor, name, flags))
    }

    /// Makes a folder; whether it was this call that made it.
    func makeFolder(named name: String, in folder: OpenFile) throws(Failure) -> Bool {
        try check(.makeFolder, "mkdirat")
        // SAFETY: as above.
        if unsafe mkdirat(folder.descriptor, name, 0o755) == 0 { return true }
        if errno == EEXIST { return false }
        throw Failure(call: "mkdirat", code: errno)
    }

    func openForReading(named name: String, in folder: OpenFile) throws(Failure) -> OpenFile {
        try check(.read, "openat")
        // O_NONBLOCK: a FIFO that somebody put there must not hold the thread; it has no meaning for files.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        // SAFETY: as above.
        return try opened("openat", unsafe openat(folder.descriptor, name, flags))
    }

    /// Opens a caller's file.
    func openForReading(path: String, followsLinks: Bool = false) throws(Failure) -> OpenFile {
        try check(.read, "open")
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
        // SAFETY: as above.
        return try opened("open", unsafe open(path, flags))
    }

    /// Opens a file that is written at its end only, making it if need be.
    func openForAppending(named name: String, in folder: OpenFile) throws(Failure) -> OpenFile {
        try check(.create, "openat")
        let flags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        // SAFETY: as above.
        return try opened("openat", unsafe openat(folder.descriptor, name, flags, 0o644))
    }

    func truncate(_ file: OpenFile, to size: Int) throws(Failure) {
        guard ftruncate(file.descriptor, off_t(size)) == 0 else { throw Failure(call: "ftruncate", code: errno) }
    }

    /// Makes a new file for writing; `EEXIST` if the name is taken.
    func create(named name: String, in folder: OpenFile) throws(Failure) -> OpenFile {
        try check(.create, "openat")
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        // SAFETY: as above.
        return try opened("openat", unsafe openat(folder.descriptor, name, flags, 0o644))
    }

    func status(of file: OpenFile) throws(Failure) -> FileStatus {
        var status = stat()
        // SAFETY: `status` is a local of the type that fstat fills in.
        guard unsafe fstat(file.descriptor, &status) == 0 else { throw Failure(call: "fstat", code: errno) }
        return FileStatus(status)
    }

    func status(named name: String, in folder: OpenFile) throws(Failure) -> FileStatus {
        var status = stat()
        // SAFETY: as above; the String lives as a NUL-terminated text for the duration of the call.
        guard unsafe fstatat(folder.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Failure(call: "fstatat", code: errno)
        }
        return FileStatus(status)
    }

    /// Writes all of `bytes` at the file's position.
    func write(_ bytes: ByteBuffer, to file: OpenFile) throws(Failure) {
        var rest = bytes
        while rest.readableBytes > 0 {
            try check(.write, "write")
            // SAFETY: the pointer is used only inside the closure, and for the count that comes with it.
            let (written, code) = unsafe rest.withUnsafeReadableBytes { source in
                (unsafe Glibc.write(file.descriptor, source.baseAddress, source.count), errno)
            }
            if written > 0 {
                rest.moveReaderIndex(forwardBy: written)
            } else if written == 0 || code != EINTR {
                throw Failure(call: "write", code: written == 0 ? EIO : code)
            }
        }
    }

    /// Up to `count` bytes from `offset` on; fewer only at the file's end.
    func read(_ count: Int, at offset: Int, from file: OpenFile) throws(Failure) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        while buffer.readableBytes < count {
            try check(.read, "pread")
            let wanted = count - buffer.readableBytes
            let position = offset + buffer.readableBytes
            var code: Int32 = 0
            // SAFETY: the buffer has room for at least `wanted` bytes, and pread writes no more than that.
            let got = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { room in
                let result = unsafe pread(file.descriptor, room.baseAddress, wanted, off_t(position))
                if result < 0 { code = errno }
                return max(0, result)
            }
            if code == EINTR { continue }
            if code != 0 { throw Failure(call: "pread", code: code) }
            if got == 0 { break }
        }
        return buffer
    }

    func synchronize(_ file: OpenFile) throws(Failure) {
        try check(.synchronizeFile, "fsync")
        guard fsync(file.descriptor) == 0 else { throw Failure(call: "fsync", code: errno) }
    }

    func synchronizeFolder(_ folder: OpenFile) throws(Failure) {
        try check(.synchronizeFolder, "fsync")
        guard fsync(folder.descriptor) == 0 else { throw Failure(call: "fsync", code: errno) }
    }

    /// Moves a file, in the place of any that has the new name.
    func rename(_ name: String, in folder: OpenFile, to newName: String, in newFolder: OpenFile) throws(Failure) {
        try check(.rename, "renameat")
        // SAFETY: the Strings live as NUL-terminated texts for the duration of the call.
        guard unsafe renameat(folder.descriptor, name, newFolder.descriptor, newName) == 0 else {
            throw Failure(call: "renameat", code: errno)
        }
    }

    /// Gives a file a second name; `EEXIST` if that name is taken.
    func link(_ name: String, in folder: OpenFile, to newName: String, in newFolder: OpenFile) throws(Failure) {
        try check(.link, "linkat")
        // SAFETY: as above.
        guard unsafe linkat(folder.descriptor, name, newFolder.descriptor, newName, 0) == 0 else {
            throw Failure(call: "linkat", code: errno)
        }
    }

    func link(path: String, to newName: String, in newFolder: OpenFile) throws(Failure) {
        try check(.link, "linkat")
        // SAFETY: as above.
        guard unsafe linkat(AT_FDCWD, path, newFolder.descriptor, newName, 0) == 0 else {
            throw Failure(call: "linkat", code: errno)
        }
    }

    /// Removes a file's name; `ENOENT` if it has none.
    func remove(_ name: String, in folder: OpenFile) throws(Failure) {
        try check(.remove, "unlinkat")
        // SAFETY: as above.
        guard unsafe unlinkat(folder.descriptor, name, 0) == 0 else { throw Failure(call: "unlinkat", code: errno) }
    }

    private func check(_ step: FileFaults.Step, _ call: String) throws(Failure) {
        if let code = faults.before(step) { throw Failure(call: call, code: code) }
    }

    private func opened(_ call: String, _ descriptor: Int32) throws(Failure) -> OpenFile {
        guard descriptor >= 0 else { throw Failure(call: call, code: errno) }
        return OpenFile(descriptor: descriptor)
    }
}
