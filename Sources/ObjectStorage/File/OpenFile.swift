import Glibc

/// An open file or folder; closed when the last reference goes.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // The result is of no use: on Linux the descriptor is gone whatever it says, and writers have used fsync.
        _ = close(descriptor)
    }
}
