import Glibc
import NIOCore
import Synchronization

/// A folder for files that are not whole yet, in the file system where they will be kept, so that a rename or a link
/// makes them visible at once.
///
/// A crash leaves its files behind; `sweep` removes them when nobody can still be writing them. Several processes may
/// share the folder. Every verb blocks: call it on `FileThreads`.
package final class StagingFolder: Sendable {
    package let path: String
    let calls: FileCalls
    let file: OpenFile
    private let made = Atomic<Int>(0)
    /// Tells this object's names from those of any other, also of a process of the same number in another container:
    /// a name is free again as soon as its file was renamed, and must not be given to a file that others would remove.
    private let prefix: String

    /// Copying goes in pieces of so many bytes.
    private static let pieceBytes = 1 << 20

    /// Opens the folder, making it and its parents if need be.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`.
    package convenience init(path: String) throws(ObjectStoreError) {
        try self.init(path: path, calls: FileCalls())
    }

    init(path: String, calls: FileCalls) throws(ObjectStoreError) {
        self.path = path
        self.calls = calls
        var generator = SystemRandomNumberGenerator()
        prefix = String(generator.next(), radix: 36)
        file = try storeErrors { () throws(SystemCallFailure) in try calls.openFolder(makingPath: path) }
    }

    /// A new, empty file.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`.
    package func makeFile() throws(ObjectStoreError) -> StagedFile {
        try storeErrors { () throws(SystemCallFailure) in try create() }
    }

    /// Removes the files that nobody has touched for `age`, by the file system's own clock; how many there were.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`; a file that cannot be removed is left.
    @discardableResult
    package func sweep(olderThan age: Duration) throws(ObjectStoreError) -> Int {
        try storeErrors { () throws(SystemCallFailure) in
            let probe = try create()
            let now = try calls.status(named: probe.name, in: file).changedSeconds
            probe.discard()
            var stale: [String] = []
            try calls.forEachName(in: file) { (entry) throws(SystemCallFailure) in
                guard entry.kind == .file else { return }
                let name = String(decoding: entry.name, as: UTF8.self)
                // A file that has gone meanwhile needs no sweeping.
                guard let status = try? calls.status(named: name, in: file) else { return }
                if status.changedSeconds <= now - Int(age.components.seconds) { stale.append(name) }
            }
            var count = 0
            // One that cannot be removed now is left to the next sweep.
            for name in stale where (try? calls.remove(name, in: file)) != nil { count += 1 }
            return count
        }
    }

    /// A new file with the bytes of the caller's file: a second name for it in the same file system, else a copy.
    ///
    /// - Throws: `sizeMismatch`, `full`, `accessDenied` or `unavailable`.
    func adopt(path source: String, size: Int) throws(ObjectStoreError) -> StagedFile {
        let (opened, status) = try storeErrors { () throws(SystemCallFailure) in
            let opened = try calls.openForReading(path: source)
            return (opened, try calls.status(of: opened))
        }
        guard status.kind == .file else {
            throw SystemCallFailure(call: "open", code: EINVAL).storeError
        }
        guard status.size == size else { throw .sizeMismatch(expected: size, actual: status.size) }
        return try storeErrors { () throws(SystemCallFailure) in
            if let linked = try link(opened, at: source, expecting: status) { return linked }
            return try copy(opened, size: size)
        }
    }

    /// `nil` if the file system does not let us have a second name for the file.
    private func link(
        _ source: OpenFile,
        at sourcePath: String,
        expecting status: FileStatus
    ) throws(SystemCallFailure) -> StagedFile? {
        let name = nextName()
        do throws(SystemCallFailure) {
            try calls.link(path: sourcePath, to: name, in: file)
        } catch {
            switch error.code {
            case EXDEV, EPERM, EACCES, EMLINK, EOPNOTSUPP, EEXIST, ENOENT: return nil
            default: throw error
            }
        }
        let staged = StagedFile(folder: self, name: name, file: source)
        let linked = try calls.status(named: name, in: file)
        // The path may have been given to another file since it was opened; then the open one is copied.
        guard linked.inode == status.inode, linked.device == status.device else {
            staged.discard()
            return nil
        }
        return staged
    }

    private func copy(_ source: OpenFile, size: Int) throws(SystemCallFailure) -> StagedFile {
        let staged = try create()
        var offset = 0
        while offset < size {
            let piece = try calls.read(min(Self.pieceBytes, size - offset), at: offset, from: source)
            if piece.readableBytes == 0 { throw SystemCallFailure(call: "pread", code: EIO) }
            try calls.write(piece, to: staged.file)
            offset += piece.readableBytes
        }
        return staged
    }

    func create() throws(SystemCallFailure) -> StagedFile {
        while true {
            let name = nextName()
            do throws(SystemCallFailure) {
                return StagedFile(folder: self, name: name, file: try calls.create(named: name, in: file))
            } catch {
                // Two drew the same prefix.
                if error.code != EEXIST { throw error }
            }
        }
    }

    private func nextName() -> String {
        let number = made.add(1, ordering: .relaxed).newValue
        return "\(prefix)-\(number).part"
    }
}
