import SystemPackage

/// Reads files that another process writes, up to a size.
package enum BoundedFile {
    /// A file's bytes; `nil` if there is none, it cannot be read, or it has more than `bytesMax`.
    ///
    /// Blocks.
    package static func read(_ path: String, bytesMax: Int) -> [UInt8]? {
        // Whoever asks shows what there is; a file that cannot be read is not there.
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
            return nil
        }
        // Nothing was written that closing could lose.
        defer { try? file.close() }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= bytesMax {
            // SAFETY: the buffer is this call's own, and `read` fills as much of it as it says.
            let count = try? unsafe part.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            guard let count else { return nil }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
        return nil
    }
}
