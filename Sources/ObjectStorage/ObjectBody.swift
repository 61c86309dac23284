package import NIOCore

/// What is put into a store.
package enum ObjectBody: Sendable {
    case bytes(ByteBuffer)
    /// The file at `path`, which has `size` bytes.
    ///
    /// The store leaves the path where it is, and may share the file's bytes with it (a hard link): after `put` the
    /// caller removes the path when it likes, and nobody may write to that file again.
    case file(path: String, size: Int)

    /// Bytes.
    package var size: Int {
        switch self {
        case .bytes(let buffer): buffer.readableBytes
        case .file(_, let size): size
        }
    }
}
