import Glibc
import Synchronization

/// A real folder, held by a lock on the file `lock` in it; the kernel lets go of the lock when the process ends.
package final class FolderFiles: SegmentFiles {
    private let path: String
    private let lock = Mutex<Claim?>(nil)

    private struct Claim {
        let file: FolderFile
        let inode: UInt
    }

    package init(path: String) {
        self.path = path
    }

    package func claim() throws(DiskFailure) -> Bool {
        // The lock counts only as long as its file is the one in the folder: somebody may have removed both.
        if let claim = lock.withLock({ $0 }), inode(of: path + "/lock") == claim.inode { return true }
        try makeFolder()
        let file = FolderFile(descriptor: try opened(path + "/lock", O_RDWR | O_CREAT))
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { return false }
            throw DiskFailure(call: "flock", code: errno)
        }
        let inode = inode(of: path + "/lock")
        lock.withLock { $0 = inode.map { Claim(file: file, inode: $0) } }
        return true
    }

    package func release() {
        lock.withLock { $0 = nil }
    }

    package func names() throws(DiskFailure) -> [String] {
        // SAFETY: the stream is used until closedir only, and each record only before the next readdir.
        guard let stream = unsafe opendir(path) else { throw DiskFailure(call: "opendir", code: errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            // SAFETY: as above.
            guard let record = unsafe readdir(stream) else {
                if errno != 0 { throw DiskFailure(call: "readdir", code: errno) }
                return names
            }
            // SAFETY: the kernel ends d_name with a zero byte.
            let bytes = unsafe withUnsafeBytes(of: &record.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            names.append(String(decoding: bytes, as: UTF8.self))
        }
    }

    package func create(_ name: String) throws(DiskFailure) -> any SegmentFile {
        FolderFile(descriptor: try opened(path + "/" + name, O_RDWR | O_CREAT | O_EXCL))
    }

    package func open(_ name: String) throws(DiskFailure) -> any SegmentFile {
        do throws(DiskFailure) {
            return FolderFile(descriptor: try opened(path + "/" + name, O_RDWR))
        } catch {
            guard error.code == EACCES || error.code == EROFS || error.code == EPERM else { throw error }
            return FolderFile(descriptor: try opened(path + "/" + name, O_RDONLY))
        }
    }

    package func remove(_ name: String) throws(DiskFailure) {
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        guard unsafe unlink(path + "/" + name) == 0 || errno == ENOENT else {
            throw DiskFailure(call: "unlink", code: errno)
        }
    }

    package func synchronizeNames() throws(DiskFailure) {
        let folder = FolderFile(descriptor: try opened(path, O_RDONLY | O_DIRECTORY))
        guard fsync(folder.descriptor) == 0 else { throw DiskFailure(call: "fsync", code: errno) }
    }

    package func freeBytes() throws(DiskFailure) -> Int {
        var status = statvfs()
        // SAFETY: as above; `status` is a local of the type that statvfs fills in.
        guard unsafe statvfs(path, &status) == 0 else { throw DiskFailure(call: "statvfs", code: errno) }
        return Int(clamping: status.f_bavail.multipliedReportingOverflow(by: status.f_frsize).partialValue)
    }

    private func opened(_ path: String, _ flags: Int32) throws(DiskFailure) -> Int32 {
        // O_NONBLOCK: a FIFO that somebody put there must not hold the thread; it has no meaning for files.
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        let descriptor = unsafe Glibc.open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DiskFailure(call: "open", code: errno) }
        return descriptor
    }

    /// Makes the folder with those above it.
    private func makeFolder() throws(DiskFailure) {
        var end = path.startIndex
        while end != path.endIndex {
            end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
            // SAFETY: as above.
            guard unsafe mkdir(String(path[..<end]), 0o700) != 0 else { continue }
            // A folder above may be there and closed to us, or on a file system that cannot be written.
            let isLast = end == path.endIndex
            if errno != EEXIST, isLast { throw DiskFailure(call: "mkdir", code: errno) }
        }
    }

    private func inode(of path: String) -> UInt? {
        var status = stat()
        // SAFETY: as above.
        return unsafe stat(path, &status) == 0 ? UInt(status.st_ino) : nil
    }
}
