import Glibc

extension FileCalls {
    /// Calls `visit` with each name in `folder` but `.` and `..`, in the file system's order; stops when it throws.
    ///
    /// Names that come or go meanwhile may or may not be seen.
    func forEachName(in folder: OpenFile, _ visit: (FolderEntry) throws(Failure) -> Void) throws(Failure) {
        // A descriptor of its own: readers of one folder must not share a position.
        // SAFETY: the literal lives as a NUL-terminated text for the duration of the call.
        let own = unsafe openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw Failure(call: "openat", code: errno) }
        // SAFETY: fdopendir takes over `own`; the stream is closed below and used by this call only.
        guard let stream = unsafe fdopendir(own) else {
            let code = errno
            _ = close(own)
            throw Failure(call: "fdopendir", code: code)
        }
        // SAFETY: as above.
        defer { unsafe closedir(stream) }
        while true {
            errno = 0
            // SAFETY: what readdir returns is valid until the next readdir on this stream; it is copied before.
            guard let record = unsafe readdir(stream) else {
                if errno != 0 { throw Failure(call: "readdir", code: errno) }
                return
            }
            let entry = unsafe entry(from: record, in: folder)
            if entry.name == [UInt8(ascii: ".")] || entry.name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
            try visit(entry)
        }
    }

    private func entry(from record: UnsafeMutablePointer<dirent>, in folder: OpenFile) -> FolderEntry {
        // SAFETY: d_name is an array of 256 bytes inside the record, NUL-terminated by readdir.
        let name = unsafe withUnsafeBytes(of: &record.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
        // SAFETY: a plain field of the record.
        switch unsafe Int32(record.pointee.d_type) {
        case Int32(DT_REG): return FolderEntry(name: name, kind: .file)
        case Int32(DT_DIR): return FolderEntry(name: name, kind: .folder)
        case Int32(DT_UNKNOWN):
            // Some file systems do not tell; a name that has gone meanwhile is nothing that anybody wants.
            let status = try? status(named: String(decoding: name, as: UTF8.self), in: folder)
            switch status?.kind {
            case .file: return FolderEntry(name: name, kind: .file)
            case .folder: return FolderEntry(name: name, kind: .folder)
            case .other, nil: return FolderEntry(name: name, kind: .other)
            }
        default: return FolderEntry(name: name, kind: .other)
        }
    }
}
