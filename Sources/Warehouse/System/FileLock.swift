import Glibc
import SystemPackage

/// A file that one process at a time holds locked (`flock`); the kernel gives the lock back when the process ends.
package final class FileLock: Sendable {
    private let file: FileDescriptor

    private init(file: FileDescriptor) { self.file = file }

    deinit {
        // Closing gives the lock back; there is nobody left to tell if that fails.
        try? file.close()
    }

    /// Takes the lock of the file at `path`, which is made if need be; `nil` when somebody holds it.
    ///
    /// - Throws: `disk` if the file cannot be opened.
    package static func take(_ path: String) throws(WarehouseError) -> FileLock? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch {
            throw WarehouseError(.disk, "\(path) cannot be opened: \(error)")
        }
        let lock = FileLock(file: file)
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            if errno != EINTR { throw WarehouseError(.disk, "\(path) cannot be locked: errno \(errno)") }
        }
        return lock
    }

    /// Whether somebody holds the lock at this moment; a file that is not there is free.
    ///
    /// - Throws: `disk` if the file cannot be opened.
    package static func isHeld(_ path: String) throws(WarehouseError) -> Bool {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readWrite, options: [.closeOnExec])
            let lock = FileLock(file: file)
            defer { withExtendedLifetime(lock) {} }
            return flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
        } catch Errno.noSuchFileOrDirectory {
            return false
        } catch {
            throw WarehouseError(.disk, "\(path) cannot be opened: \(error)")
        }
    }
}
