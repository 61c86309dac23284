import FoundationEssentials
import Glibc
import NIOCore

/// Objects as files below one folder: the key `originals/3972/b1/x.jpg` is that path.
///
/// **Promises** all that `ObjectStore` does. A `put` writes a file in `.tmp/`, makes it durable (`fsync`), renames it
/// (or links it, if nothing may be replaced), and makes the folders durable up to the root. A crash at any point
/// leaves the object whole or not there; the file left in `.tmp/` is removed by a later start.
/// No symbolic link below the folder is followed: not to read, not to list, not to write. The folder itself may be one.
///
/// **Costs.** A `put` is two or more `fsync`s, tens of milliseconds on a slow disk. A listing reads the names of the
/// folders on its way, and holds as many of them as the page has objects. Empty folders stay when objects are deleted.
///
/// **May fail** as `ObjectStore` says; further, a key whose segment has more than 255 bytes, that is the folder of
/// another key, or that begins with `.tmp/` is `invalidKey` here. Media types are not kept: they follow from the key's
/// extension. `modified` is when the bytes were written.
package final class FileObjectStore: ObjectStore {
    static let stagingName = ".tmp"

    /// The folder, as an absolute path.
    package let path: String
    private let root: OpenFile
    private let staging: StagingFolder
    private let calls: FileCalls
    private let threads: FileThreads

    /// A body is read in pieces of so many bytes.
    package static let pieceBytes = 256 << 10

    /// Opens the folder at `path`, making it if need be, and removes files that a crash left in `.tmp/` longer than
    /// `staleAfter` ago: longer than any upload takes, since other processes may be using the folder.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`.
    package static func open(
        path: String,
        threads: FileThreads = FileThreads(),
        staleAfter: Duration = .seconds(6 * 3600),
        faults: FileFaults = .none
    ) async throws(ObjectStoreError) -> FileObjectStore {
        try await threads.run { () throws(ObjectStoreError) in
            let store = try FileObjectStore(path: path, threads: threads, calls: FileCalls(faults: faults))
            try store.staging.sweep(olderThan: staleAfter)
            return store
        }
    }

    private init(path: String, threads: FileThreads, calls: FileCalls) throws(ObjectStoreError) {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = whole.count > 1 && whole.hasSuffix("/") ? String(whole.dropLast()) : whole
        self.threads = threads
        self.calls = calls
        let opened = self.path
        root = try storeErrors { () throws(SystemCallFailure) in try calls.openFolder(makingPath: opened) }
        staging = try StagingFolder(path: opened + "/" + Self.stagingName, calls: calls)
    }

    package func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectMetadata {
        try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in try status(of: key) }
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(ObjectStoreError) -> StoredObject {
        let (file, metadata) = try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
            try openObject(key)
        }
        let covered = try metadata.covering(range)
        return StoredObject(metadata: metadata, range: covered, body: body(of: file, key: key, range: covered))
    }

    package func put(_ body: ObjectBody, at key: ObjectKey, mediaType: String?) async throws(ObjectStoreError) {
        try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
            try checkReserved(key)
            let staged = try stage(body)
            try publishing(key) { (folders, name) throws(SystemCallFailure) in
                try calls.rename(staged.name, in: staging.file, to: name, in: folders[folders.count - 1])
            }
            // Renaming one of two names of a file to the other does nothing and leaves both.
            staged.discard()
        }
    }

    package func putIfAbsent(
        _ body: ObjectBody,
        at key: ObjectKey,
        mediaType: String?
    ) async throws(ObjectStoreError) -> PutOutcome {
        try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
            try checkReserved(key)
            if try isTaken(key) {
                try publishing(key) { (_, _) throws(SystemCallFailure) in }
                return .existed
            }
            let staged = try stage(body)
            var outcome = PutOutcome.created
            try publishing(key) { (folders, name) throws(SystemCallFailure) in
                let folder = folders[folders.count - 1]
                do throws(SystemCallFailure) {
                    try calls.link(staged.name, in: staging.file, to: name, in: folder)
                } catch {
                    if error.code != EEXIST { throw error }
                    if try calls.status(named: name, in: folder).kind == .folder {
                        throw SystemCallFailure(call: "linkat", code: EISDIR)
                    }
                    outcome = .existed
                }
            }
            staged.discard()
            return outcome
        }
    }

    package func list(
        prefix: ObjectPrefix,
        after: ObjectKey?,
        limit: Int
    ) async throws(ObjectStoreError) -> ObjectPage {
        let limit = min(max(limit, 1), 1000)
        return try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
            var listing = FolderListing(calls: calls, prefix: prefix, after: after, limit: limit)
            do throws(SystemCallFailure) {
                let names = prefix.text.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                let start = try calls.openFolders(names, below: root)
                if names.first != Self.stagingName[...] {
                    try listing.visit(start[start.count - 1], path: Array(names.map { $0 + "/" }.joined().utf8))
                }
            } catch {
                if !error.isAbsence { throw error.storeError }
            }
            let found = listing.found
            return ObjectPage(objects: found, next: found.count == limit ? found.last?.key : nil)
        }
    }

    package func delete(_ key: ObjectKey) async throws(ObjectStoreError) {
        try await threads.runUnlessCancelled { [self] () throws(ObjectStoreError) in
            try checkReserved(key)
            do throws(SystemCallFailure) {
                let folders = try calls.openFolders(key.segments.dropLast(), below: root)
                let folder = folders[folders.count - 1]
                guard try calls.status(named: String(key.name), in: folder).kind == .file else { return }
                try calls.remove(String(key.name), in: folder)
                try calls.synchronizeFolder(folder)
            } catch {
                if !error.isAbsence { throw error.error(for: key) }
            }
        }
    }

    package func localFile(for key: ObjectKey) async throws(ObjectStoreError) -> String? {
        _ = try await head(key)
        return path + "/" + key.text
    }

    // MARK: Blocking steps, on a file thread

    private func status(of key: ObjectKey) throws(ObjectStoreError) -> ObjectMetadata {
        try checkReserved(key)
        do throws(SystemCallFailure) {
            let folders = try calls.openFolders(key.segments.dropLast(), below: root)
            let status = try calls.status(named: String(key.name), in: folders[folders.count - 1])
            guard status.kind == .file else { throw SystemCallFailure(call: "fstatat", code: ENOENT) }
            return ObjectMetadata(key: key, status: status)
        } catch {
            throw error.error(for: key)
        }
    }

    private func openObject(_ key: ObjectKey) throws(ObjectStoreError) -> (OpenFile, ObjectMetadata) {
        try checkReserved(key)
        do throws(SystemCallFailure) {
            let folders = try calls.openFolders(key.segments.dropLast(), below: root)
            let file = try calls.openForReading(named: String(key.name), in: folders[folders.count - 1])
            let status = try calls.status(of: file)
            guard status.kind == .file else { throw SystemCallFailure(call: "openat", code: ENOENT) }
            return (file, ObjectMetadata(key: key, status: status))
        } catch {
            throw error.error(for: key)
        }
    }

    private func isTaken(_ key: ObjectKey) throws(ObjectStoreError) -> Bool {
        do throws(ObjectStoreError) {
            _ = try status(of: key)
            return true
        } catch .notFound {
            return false
        }
    }

    /// A durable file in `.tmp/` with the bytes of `body`.
    private func stage(_ body: ObjectBody) throws(ObjectStoreError) -> StagedFile {
        let staged: StagedFile
        switch body {
        case .bytes(let bytes):
            staged = try staging.makeFile()
            try staged.append(bytes)
        case .file(let path, let size):
            staged = try staging.adopt(path: path, size: size)
        }
        try storeErrors { () throws(SystemCallFailure) in try staged.synchronize() }
        return staged
    }

    /// Makes the folders of `key`, has `step` give a file its name there, and makes all of it durable.
    ///
    /// Also folders that are there already: another writer may have made them and not yet made them durable.
    private func publishing(
        _ key: ObjectKey,
        _ step: (_ folders: [OpenFile], _ name: String) throws(SystemCallFailure) -> Void
    ) throws(ObjectStoreError) {
        do throws(SystemCallFailure) {
            let folders = try calls.makeFolders(key.segments.dropLast(), below: root)
            try step(folders, String(key.name))
            for folder in folders.reversed() { try calls.synchronizeFolder(folder) }
        } catch {
            switch error.code {
            case ENOTDIR, ELOOP, EISDIR, ENOTEMPTY:
                throw .invalidKey(key.text, reason: "a file cannot be a folder, nor the other way round")
            case ENAMETOOLONG:
                throw .invalidKey(key.text, reason: "a segment is longer than a file name may be")
            case ENOENT:
                // Somebody removed a folder under us.
                throw .unavailable(retryable: true, cause: error)
            default:
                throw error.storeError
            }
        }
    }

    private func checkReserved(_ key: ObjectKey) throws(ObjectStoreError) {
        if key.segments[0] == Self.stagingName {
            throw .invalidKey(key.text, reason: "\(Self.stagingName) holds files that are not whole yet")
        }
    }

    private func body(of file: OpenFile, key: ObjectKey, range: Range<Int>) -> ObjectBytes {
        ObjectBytes { [calls, threads] in
            var offset = range.lowerBound
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                let wanted = min(Self.pieceBytes, range.upperBound - offset)
                guard wanted > 0 else { return nil }
                let start = offset
                let piece = try await threads.runUnlessCancelled { () throws(ObjectStoreError) in
                    try storeErrors { () throws(SystemCallFailure) in
                        try calls.read(wanted, at: start, from: file)
                    }
                }
                guard piece.readableBytes == wanted else {
                    throw .corrupt(key, reason: "the file became shorter while it was read")
                }
                offset += wanted
                return piece
            }
        }
    }
}

extension ObjectMetadata {
    init(key: ObjectKey, status: FileStatus) {
        self.init(
            key: key,
            size: status.size,
            mediaType: key.mediaType,
            modified: status.modified,
            entityTag: status.entityTag
        )
    }

    /// `range` cut off at the object's end, or all of the object.
    ///
    /// - Throws: `invalidRange` if `range` begins at or after the end.
    package func covering(_ range: Range<Int>?) throws(ObjectStoreError) -> Range<Int> {
        guard let range else { return 0..<size }
        guard range.lowerBound >= 0, range.lowerBound < size else { throw .invalidRange(size: size) }
        return range.clamped(to: 0..<size)
    }
}

extension SystemCallFailure {
    /// What a caller is told who asked for the object of `key`.
    fileprivate func error(for key: ObjectKey) -> ObjectStoreError {
        if isAbsence { return .notFound(key) }
        if code == ENAMETOOLONG { return .invalidKey(key.text, reason: "a segment is longer than a file name may be") }
        return storeError
    }
}
