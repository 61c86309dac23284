import Glibc
package import NIOCore
import Synchronization

/// A file that is being made in a staging folder; it goes away with its last reference, unless the process is killed
/// (then `StagingFolder.sweep` removes it some hours later).
///
/// Every verb blocks: call it on `FileThreads`. One caller at a time writes.
package final class StagedFile: Sendable {
    private let folder: StagingFolder
    let name: String
    let file: OpenFile
    private let gone = Mutex(false)

    init(folder: StagingFolder, name: String, file: OpenFile) {
        self.folder = folder
        self.name = name
        self.file = file
    }

    deinit {
        // One unlink; it blocks for microseconds, also where a caller forgot to discard on a file thread.
        discard()
    }

    /// Where the file is, as long as it is there.
    package var path: String { folder.path + "/" + name }

    /// - Throws: `full`, `accessDenied` or `unavailable`; the file is then of no use.
    package func append(_ bytes: ByteBuffer) throws(ObjectStoreError) {
        try storeErrors { () throws(SystemCallFailure) in try folder.calls.write(bytes, to: file) }
    }

    func synchronize() throws(SystemCallFailure) {
        try folder.calls.synchronize(file)
    }

    /// Removes the file; nothing if that was done already.
    package func discard() {
        let first = gone.withLock { gone in
            defer { gone = true }
            return !gone
        }
        guard first else { return }
        // A name that cannot be removed now is swept later; there is nobody who could do more about it.
        try? folder.calls.remove(name, in: folder.file)
    }
}
