import Glibc

/// Calls on names of files.
enum FileSystem {
    /// Gives a file or folder another name, in the place of any file, or empty folder, that has it.
    ///
    /// - Throws: `disk`.
    static func rename(_ path: String, to place: String) throws(WarehouseError) {
        // SAFETY: both strings live for the duration of the call, which keeps no pointer.
        guard unsafe Glibc.rename(path, place) == 0 else {
            throw WarehouseError(.disk, "\(place) cannot be made: errno \(errno)")
        }
        // Where both names were the same file's, renaming has done nothing; otherwise there is nothing to remove.
        // SAFETY: as above.
        _ = unsafe unlink(path)
    }

    /// Bytes that this process may still write there; `nil` if the system does not say.
    static func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        // SAFETY: the path lives during the call, which fills the structure and keeps neither.
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }
}
