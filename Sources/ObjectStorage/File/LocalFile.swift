package import FoundationEssentials
import Glibc
package import NIOCore

/// A file of somebody else's, open for reading.
///
/// Opening and reading block: call them on `FileThreads`.
package final class LocalFile: Sendable {
    package let path: String
    /// Bytes, when it was opened.
    package let size: Int
    package let modified: Date
    private let file: OpenFile
    private let calls = FileCalls()

    /// Opens the file at `path`; the last segment may be a symbolic link only if `followsLinks`.
    ///
    /// - Throws: `accessDenied` or `unavailable`, also if it is no file.
    package init(path: String, followsLinks: Bool = false) throws(ObjectStoreError) {
        self.path = path
        let calls = calls
        let (file, status) = try storeErrors { () throws(SystemCallFailure) in
            let file = try calls.openForReading(path: path, followsLinks: followsLinks)
            let status = try calls.status(of: file)
            if status.kind != .file { throw SystemCallFailure(call: "open", code: EINVAL) }
            return (file, status)
        }
        self.file = file
        size = status.size
        modified = status.modified
    }

    /// Up to `count` bytes from `offset` on; fewer only at the file's end.
    ///
    /// - Throws: `unavailable`.
    package func read(_ count: Int, at offset: Int) throws(ObjectStoreError) -> ByteBuffer {
        try storeErrors { () throws(SystemCallFailure) in try calls.read(count, at: offset, from: file) }
    }

    /// All bytes up to the end that the file has when it is reached, read on `threads`.
    package func bytes(on threads: FileThreads) -> ObjectBytes {
        ObjectBytes { [self] in
            var offset = 0
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                let start = offset
                let piece = try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
                    try read(FileObjectStore.pieceBytes, at: start)
                }
                offset += piece.readableBytes
                return piece.readableBytes > 0 ? piece : nil
            }
        }
    }
}
